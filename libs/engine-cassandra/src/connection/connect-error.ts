import { errors } from 'cassandra-driver';
import type { CassandraOptions } from '../cassandra-options.ts';

/** What a failed connect means, in words for people. */
export function connectError(error: unknown, { contactPoints, localDc }: CassandraOptions): Error {
  if (error instanceof errors.NoHostAvailableError) {
    const points = contactPoints.join(', ');
    return new Error(
      `no Cassandra answers at ${points}${reasonsOf(error)}: is it running, and is CASSANDRA_CONTACT_POINTS right?`,
      { cause: error },
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  const found = /Available DCs are: \[(.*)\]/.exec(message)?.[1];
  if (found === undefined) return new Error(`cannot use this Cassandra: ${message}`, { cause: error });
  return new Error(`Cassandra has no data centre ${localDc}, only ${found}: set CASSANDRA_LOCAL_DC`, { cause: error });
}

function reasonsOf({ innerErrors }: errors.NoHostAvailableError): string {
  const reasons = Object.values((innerErrors ?? {}) as Record<string, unknown>);
  const texts = new Set(reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason))));
  return texts.size === 0 ? '' : ` (${[...texts].join('; ')})`;
}

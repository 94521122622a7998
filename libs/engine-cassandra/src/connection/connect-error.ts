import { errors } from 'cassandra-driver';
import type { CassandraOptions } from '../cassandra-options.ts';

/** What a failed connect means, in words for people. */
export function connectError(error: unknown, { contactPoints, localDc }: CassandraOptions): Error {
  const reasons = reasonsOf(error);
  const found = /only found hosts in data centers: \[(.*?)\]/.exec(reasons)?.[1];
  if (found !== undefined)
    return new Error(`Cassandra has no data centre ${localDc}, only ${found}: set CASSANDRA_LOCAL_DC`, {
      cause: error,
    });
  if (!(error instanceof errors.NoHostAvailableError))
    return new Error(`cannot use this Cassandra: ${reasons}`, { cause: error });
  const points = contactPoints.join(', ');
  return new Error(
    `no Cassandra answers at ${points} (${reasons}): is it running, and is CASSANDRA_CONTACT_POINTS right?`,
    { cause: error },
  );
}

/** What each node said, without repetitions. */
function reasonsOf(error: unknown): string {
  const inner = error instanceof errors.NoHostAvailableError ? (error.innerErrors as object | null) : null;
  const reasons: unknown[] = Object.values(inner ?? {});
  const texts = new Set(
    (reasons.length > 0 ? reasons : [error]).map((reason) =>
      reason instanceof Error ? reason.message : String(reason),
    ),
  );
  return [...texts].join('; ');
}

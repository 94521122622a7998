import { keyspaceCql } from './keyspace.ts';
import { migrations } from './migrations/index.ts';
import { stateTableCql } from './schema-state.ts';

export interface SchemaPlace {
  readonly keyspace: string;
  readonly replication: Readonly<Record<string, number>>;
}

/** All statements that make the schema, each with a comment: what it is for, and how large its partitions get. */
export function schemaCql({ keyspace, replication }: SchemaPlace): string {
  const steps = migrations.map(
    ({ version, name, statements }) => `-- Version ${version}: ${name}.\n\n${statements.join(';\n\n')}`,
  );
  const cql = [keyspaceCql(keyspace, replication), stateTableCql, ...steps].join(';\n\n');
  return `${cql.replaceAll('$.', `${keyspace}.`)};`;
}

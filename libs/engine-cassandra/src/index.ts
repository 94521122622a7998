export {
  type CassandraOptions,
  type CassandraReporter,
  type RequestLimits,
  requestLimits,
} from './cassandra-options.ts';
export { migrateCassandra, openCassandraStores } from './open-cassandra-stores.ts';
export { schemaCql, type SchemaPlace } from './schema/print-schema.ts';

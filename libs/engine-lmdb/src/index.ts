export { LmdbEnvironment, type Table } from './lmdb-environment.ts';
export { openLmdbStores } from './open-lmdb-stores.ts';

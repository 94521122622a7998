export { LmdbEnvironment, type Table } from './lmdb-environment.ts';
export { openLmdbStores } from './open-lmdb-stores.ts';
export { LmdbCountedSetStore } from './counted-sets/lmdb-counted-set-store.ts';
export { LmdbMemberIndexStore } from './counted-sets/lmdb-member-index-store.ts';
export { LmdbViewStore } from './counted-sets/lmdb-view-store.ts';

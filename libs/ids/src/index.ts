export { ABOVE_ALL_IDS, type AnyId, byIdAscending, byIdDescending, ID_BYTES, ID_MAX, idOf, parseId } from './id.ts';
export type { PostId, UserId } from './id.ts';
export { ID_EPOCH_MS, idAt, IdGenerator, timeOf, WORKERS_MAX } from './snowflake.ts';

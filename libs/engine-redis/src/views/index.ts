export { RedisViewBuffer } from './redis-view-buffer.ts';

export { type Caches, invalidatePost, openCaches, retractPost } from './caches.ts';
export { CountedFollowers } from './counted-followers.ts';
export { openRuntime } from './open-runtime.ts';
export { Runtime } from './runtime.ts';
export { RuntimeModule } from './runtime.module.ts';
export type { CarriedLoad, ServerReport } from './signals/server-signals.ts';
export { SHARD_CHANGES } from './watch/shard-watch.ts';

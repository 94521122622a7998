export { type Caches, invalidatePost, openCaches, retractPost } from './caches.ts';
export { CountedFollowers } from './counted-followers.ts';
export { Prewarms } from './prewarms.ts';
export { openRuntime } from './open-runtime.ts';
export { Runtime } from './runtime.ts';
export { RuntimeModule } from './runtime.module.ts';
export type { CarriedLoad, ServerReport } from './signals/server-signals.ts';
export { type WrittenSet, writtenSets } from './watch/written-sets.ts';

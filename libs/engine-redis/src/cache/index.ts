export { type NodeSignal, NodeSignals } from './node-signals.ts';
export { NodeTags } from './node-tags.ts';
export { RedisInvalidationBus } from './redis-invalidation-bus.ts';
export { type Prewarming, RedisPrewarmings } from './redis-prewarmings.ts';
export { RedisSharedTier, type RedisSharedTierOptions } from './redis-shared-tier.ts';
export { ReplicaReads } from './replica-reads.ts';

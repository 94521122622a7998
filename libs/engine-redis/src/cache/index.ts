export { NodeTags } from './node-tags.ts';
export { RedisInvalidationBus } from './redis-invalidation-bus.ts';
export { RedisSharedTier, type RedisSharedTierOptions } from './redis-shared-tier.ts';

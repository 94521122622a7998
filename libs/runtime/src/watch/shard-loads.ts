import type { ShardRate } from './written-sets.ts';

/**
 * What each shard of a set carries: all of the newest generation, which take new members, also those that are idle; of the
 * older ones those that are still written. Empty for a set of one shard, whose load nobody could share.
 */
export function shardLoads(layout: readonly number[], written: readonly ShardRate[]): Record<string, number> {
  const newest = layout.length - 1;
  if (newest < 1) return {};
  const idle = Array.from({ length: layout[newest] ?? 0 }, (_, shard) => [nameOf({ generation: newest, shard }), 0]);
  const loads = Object.fromEntries(idle) as Record<string, number>;
  for (const one of written) loads[nameOf(one)] = one.perSecond;
  return loads;
}

const nameOf = ({ generation, shard }: Pick<ShardRate, 'generation' | 'shard'>): string =>
  `generation ${generation}, shard ${shard}`;

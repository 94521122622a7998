import { vitalsOf } from '#test';
import { writtenSets } from './written-sets.ts';

describe('writtenSets', () => {
  const all = [
    vitalsOf('one', { 'shard_changes|likes|11|1|0': 30, 'shard_changes|likes|11|1|1': 10 }),
    vitalsOf('another', { 'shard_changes|likes|11|1|1': 20, 'shard_changes|followers|7|0|0': 5 }),
  ];

  it('adds up shards over instances, most written first', () => {
    expect(writtenSets(all, 5)).toEqual([
      {
        subject: { kind: 'likes', id: 11n },
        changesPerSecond: 12,
        shards: [
          { generation: 1, shard: 0, perSecond: 6 },
          { generation: 1, shard: 1, perSecond: 6 },
        ],
      },
      {
        subject: { kind: 'followers', id: 7n },
        changesPerSecond: 1,
        shards: [{ generation: 0, shard: 0, perSecond: 1 }],
      },
    ]);
    expect(writtenSets(all, 1)).toHaveLength(1);
  });
});

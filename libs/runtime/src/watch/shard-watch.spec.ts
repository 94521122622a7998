import { noEvents } from '#counters';
import { Metrics } from '#observability';
import type { Shard } from '#storage';
import { ShardWatch } from './shard-watch.ts';

const VIRAL = 7n;

describe('ShardWatch', () => {
  const metrics = new Metrics({ processMetrics: false });
  const watch = new ShardWatch(metrics, ({ id }) => (id === VIRAL ? [1, 4] : [1]));
  const events = watch.on(noEvents);
  const shard = (id: bigint, generation: number, at: number): Shard => ({ kind: 'likes', id, generation, shard: at });
  const skew = async (): Promise<string> => {
    watch.take();
    return /^counted_shard_skew\{kind="likes"\} (\S+)$/m.exec(await metrics.text())?.[1] ?? 'none';
  };

  it('tells the changes of each shard once', () => {
    events.committed(shard(VIRAL, 1, 2), 30, 0);
    events.committed(shard(VIRAL, 1, 2), 3, 1);
    expect([...watch.take()]).toEqual([['shard_changes|likes|7|1|2', 33]]);
    expect([...watch.take()]).toEqual([]);
  });

  it('counts idle shards of the newest generation among those that could carry the load', async () => {
    events.committed(shard(VIRAL, 1, 2), 200, 0);
    expect(await skew()).toBe('4');
    for (let at = 0; at < 4; at++) events.committed(shard(VIRAL, 1, at), 50, 0);
    expect(await skew()).toBe('1');
  });

  it('finds nothing in quiet sets, nor in those of one shard', async () => {
    events.committed(shard(VIRAL, 1, 2), 99, 0);
    expect(await skew()).toBe('1');
    events.committed(shard(8n, 0, 0), 1_000, 0);
    expect(await skew()).toBe('1');
  });
});

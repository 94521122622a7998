import { HotCache, StoreGuard, idKeys, jsonCodec } from '#hot-cache';
import type { PostId } from '#ids';
import { systemClock } from '#kernel';
import type { Section } from '../report/report.ts';

const IDS = 1_000_000;
const BATCH = 1_000;

/** A million random ids that do not exist, beside one key that everybody reads. */
export async function hostile(): Promise<Section> {
  const heat = { windowMs: 1_000 };
  const cache = new HotCache({ clock: systemClock, chance: Math.random, heat });
  const guard = new StoreGuard(systemClock, Math.random, {
    name: 'store',
    concurrency: 64,
    queuedMax: 2 * BATCH,
    timeoutMs: 500,
  });
  let loads = 0;
  const viral = (1n << 60n) as PostId;
  const load = (ids: readonly PostId[]) => {
    loads += ids.length;
    return Promise.resolve(ids.map((id) => (id === viral ? { id } : undefined)));
  };
  const region = cache.region({ name: 'r', keys: idKeys<PostId>(), codec: jsonCodec<{ id: PostId }>(), load, guard });
  await cache.start();
  const endWarmUp = performance.now() + 1_500;
  while (performance.now() < endWarmUp) for (let i = 0; i < 100; i++) await region.get(viral);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < IDS; i += BATCH) {
    const ids = Array.from({ length: BATCH }, (_, j) => (viral + BigInt(1 + i + j)) as PostId);
    await region.getMany(ids);
    for (let j = 0; j < 20; j++) await region.get(viral);
  }
  const { local, regions } = cache.snapshot;
  const rows = [
    ['random ids read', IDS],
    ['ids asked of the store', loads],
    [
      'hot keys afterwards',
      cache.hotKeys.map(({ key }) => (key === String(viral) ? 'the viral one' : 'another')).join(', '),
    ],
    ['viral key still in the hot room', local.r?.hot === 1 ? 'yes' : 'no'],
    ['bytes charged to L1', local.r?.bytes ?? 0],
    ['negative entries held', local.r?.negative ?? 0],
    ['growth of the process, MiB', Math.round((process.memoryUsage().rss - before) / 2 ** 20)],
    ['reads of the viral key that missed L1', (regions.r?.localMisses ?? 0) - IDS],
  ];
  await cache.stop();
  const about = 'One process, without a shared tier. The negative room is 2 MiB.';
  return { title: 'A scan of random ids', about, columns: ['what', 'value'], rows };
}

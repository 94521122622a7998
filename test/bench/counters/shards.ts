import { type BenchEngine, newId, newSets } from './bench-engine.ts';
import { drive } from './load.ts';
import type { Section } from '../report/report.ts';
import { CountedSets, counterLimits, Memberships, noEvents } from '#counters';
import { systemClock } from '#kernel';
import type { Shard } from '#storage';

const TIMES = 2_000;
const CROWD_LIKES = 20_000;

/** What shards cost those who do not need them, and how evenly they take the writes of those who do. */
export async function shards(engine: BenchEngine): Promise<Section> {
  const rows: (string | number)[][] = [];
  for (const growths of [0, 1, 2, 3]) {
    const post = newId();
    const writes = new Map<number, number>();
    const sets = watchedSets(engine, writes);
    const memberships = new Memberships({ sets, index: engine.indexStore, clock: systemClock, chance: Math.random });
    for (let i = 0; i < 500; i++) await sets.add('likes', post, newId());
    for (let i = 0; i < growths; i++) await sets.grow('likes', post);
    await drive(128, TIMES, () => sets.add('likes', post, newId())); // the seals, and the packs of what they sealed
    const alone = await drive(1, TIMES, () => memberships.join('likes', newId(), post));
    writes.clear();
    const crowd = await drive(128, CROWD_LIKES, () => memberships.join('likes', newId(), post));
    const shares = [...writes.values()];
    const newest = 4 ** growths;
    const mean = shares.reduce((sum, share) => sum + share, 0) / newest;
    const reading = await drive(1, TIMES, () => newSets(engine.setStore).total('likes', post));
    rows.push([
      newest,
      alone.p50Ms.toFixed(2),
      alone.cpuUs.toFixed(0),
      crowd.perSecond.toFixed(0),
      crowd.cpuUs.toFixed(1),
      (Math.max(...shares) / mean).toFixed(2),
      (1000 / reading.perSecond).toFixed(4),
    ]);
  }
  return {
    title: `Cost and spread by shards, ${engine.name}`,
    about:
      "A like with the member's index of a post whose newest generation has so many shards; the busiest shard's likes against the mean of all shards; a count read by a process that meets the set for the first time.",
    columns: [
      'shards',
      'alone: p50 ms',
      'alone: CPU us',
      '128 users: per second',
      '128 users: CPU us',
      'busiest / mean',
      'count: ms',
    ],
    rows,
  };
}

/** Sets that grow only when told to and note how many likes each shard of the newest generation takes. */
function watchedSets({ setStore }: BenchEngine, writes: Map<number, number>): CountedSets {
  const never = { membersMax: Infinity, hotShardsMax: 0, waitingMax: Infinity, heatedPerSecond: Infinity };
  const committed = ({ shard }: Shard, operations: number) =>
    void writes.set(shard, (writes.get(shard) ?? 0) + operations);
  return new CountedSets({
    store: setStore,
    clock: systemClock,
    chance: Math.random,
    limits: { ...counterLimits, growth: { ...counterLimits.growth, likes: never } },
    events: { ...noEvents, committed },
  });
}

import { anybody, type BenchEngine, membershipsOf, newId, newMemberships, newSets, scaled } from './bench-engine.ts';
import { drive } from './load.ts';
import { goalOf, type Section } from '../report/report.ts';
import { CountedSets, counterLimits, noEvents } from '#counters';
import { systemClock } from '#kernel';
import type { Shard } from '#storage';

const TIMES = 2_000;
const LIKES = 20_000;
/** So many at once that the groups of 64 shards are as full as the group of one shard is with a few dozen. */
const CROWD = 2_048;
/** On a busy machine, such a crowd waits for longer than users would. */
const TIMEOUT_MS = 60_000;

/** What shards cost those who do not need them, and how evenly they take the writes of those who do. */
export async function shards(engine: BenchEngine): Promise<Section> {
  const { name } = engine;
  const times = scaled(engine, TIMES);
  const rows: (string | number)[][] = [];
  const likeCpu: number[] = [];
  const spread: number[] = [];
  const { memberships: first } = newMemberships(engine);
  await drive(128, times, () => first.join('likes', newId(), 1n)); // what is run for the first time is slow
  for (const growths of [0, 1, 2, 3]) {
    const post = newId();
    const writes = new Map<number, number>();
    const sets = watchedSets(engine, writes);
    const memberships = membershipsOf(sets, engine);
    for (let i = 0; i < 500; i++) await sets.add('likes', post, newId());
    for (let i = 0; i < growths; i++) await sets.grow('likes', post);
    await drive(128, times, () => sets.add('likes', post, newId())); // the seals, and the packs of what they sealed
    const like = () => memberships.join('likes', anybody(), post);
    const alone = await drive(1, times, like);
    const some = await drive(128, scaled(engine, LIKES), like);
    writes.clear();
    const crowd = await drive(CROWD, Math.max(2 * CROWD, scaled(engine, LIKES)), like);
    const shares = [...writes.values()];
    const newest = 4 ** growths;
    const mean = shares.reduce((sum, share) => sum + share, 0) / newest;
    likeCpu.push(crowd.cpuUs);
    spread.push(Math.max(...shares) / mean);
    const reading = await drive(1, times, () => newSets(engine.setStore).total('likes', post));
    rows.push([
      newest,
      alone.p50Ms.toFixed(2),
      alone.cpuUs.toFixed(0),
      some.perSecond.toFixed(0),
      some.cpuUs.toFixed(1),
      crowd.perSecond.toFixed(0),
      crowd.cpuUs.toFixed(1),
      (Math.max(...shares) / mean).toFixed(2),
      (1000 / reading.perSecond).toFixed(4),
    ]);
  }
  return {
    title: `Cost and spread by shards, ${name}`,
    about:
      "A like with the member's index of a post whose newest generation has so many shards; the busiest shard's likes against the mean of all shards; a count read by a process that meets the set for the first time. Groups save the more the fuller they are: 128 users at once are one group of a hundred for one shard, and groups of two for each of 64. The goal is about what shards cost where they are needed, with full groups.",
    columns: [
      'shards',
      'alone: p50 ms',
      'alone: CPU us',
      '128 users: per second',
      '128 users: CPU us',
      `${CROWD} users: per second`,
      `${CROWD} users: CPU us`,
      'busiest / mean',
      'count: ms',
    ],
    rows,
    goals: [
      goalOf(
        `CPU of a like with 64 shards against 1, full groups, ${name}`,
        ratio(likeCpu.at(-1), likeCpu[0]),
        '<=',
        1.3,
        ' x',
      ),
      goalOf(`busiest of 64 shards against their mean, ${name}`, spread.at(-1) ?? NaN, '<=', 2, ' x'),
    ],
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
    limits: { ...counterLimits, timeoutMs: TIMEOUT_MS, growth: { ...counterLimits.growth, likes: never } },
    events: { ...noEvents, committed },
  });
}

const ratio = (a = NaN, b = NaN): number => a / b;

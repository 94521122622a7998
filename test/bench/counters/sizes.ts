import { type BenchEngine, newId, newMemberships, scaled } from './bench-engine.ts';
import { drive } from './load.ts';
import { goalOf, type Section } from '../report/report.ts';
import type { CountedSets } from '#counters';

const SIZES = [100, 1_000, 10_000, 100_000, 1_000_000];
const LARGEST = 1_000_000;
const TIMES = 2_000;

/** What a like and a look at the count cost as the set grows by itself from a hundred members to a million. */
export async function sizes(engine: BenchEngine): Promise<Section> {
  const { sets, memberships } = newMemberships(engine);
  const { name } = engine;
  const times = scaled(engine, TIMES);
  const likeCpu: number[] = [];
  const post = newId();
  await drive(128, times, () => memberships.join('likes', newId(), 1n)); // what is run for the first time is slow
  const rows: (string | number)[][] = [];
  let size = 0;
  for (const wanted of SIZES.filter((members) => members <= LARGEST * engine.scale)) {
    await fill(sets, post, wanted - size);
    size = wanted + 3 * times;
    const layout = await engine.setStore.loadLayout({ kind: 'likes', id: post });
    const alone = await drive(1, times, () => memberships.join('likes', newId(), post));
    const crowd = await drive(128, 2 * times, () => memberships.join('likes', newId(), post));
    likeCpu.push(crowd.cpuUs);
    const reading = await drive(1, times, () => sets.total('likes', post));
    rows.push([
      wanted,
      layout.reduce((sum, shards) => sum + shards, 0),
      alone.p50Ms.toFixed(2),
      alone.cpuUs.toFixed(0),
      crowd.perSecond.toFixed(0),
      crowd.cpuUs.toFixed(1),
      (1000 / reading.perSecond).toFixed(4),
    ]);
  }
  return {
    title: `Cost by the size of the set, ${name}`,
    about:
      "A like with the member's index, one at a time and by 128 users; a count read without a cache. Shards of all generations.",
    columns: [
      'members',
      'shards',
      'alone: p50 ms',
      'alone: CPU us',
      '128 users: per second',
      '128 users: CPU us',
      'count: ms',
    ],
    rows,
    goals: [
      goalOf(
        `CPU of a like, largest set against smallest, ${name}`,
        (likeCpu.at(-1) ?? NaN) / (likeCpu[0] ?? NaN),
        '<=',
        1.3,
        ' x',
      ),
    ],
  };
}

async function fill(sets: CountedSets, post: bigint, members: number): Promise<void> {
  const subject = { kind: 'likes', id: post } as const;
  for (let left = members; left > 0; left -= 2_000)
    await Promise.all(Array.from({ length: Math.min(left, 2_000) }, () => sets.apply(subject, newId(), 1n)));
}

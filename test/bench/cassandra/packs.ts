import { newId, newSets } from '../counters/bench-engine.ts';
import { drive, middleOf } from '../counters/load.ts';
import { goalOf, type Section } from '../report/report.ts';
import type { CassandraRig } from './cassandra-rig.ts';

const AUTHORS = 4;
const AT_ONCE = 4;

/** What the fan-out reads: an author's followers, chapter by chapter, each checked against its head. */
export async function packs({ name, stores }: CassandraRig, followers: number, reads: number): Promise<Section> {
  const sets = newSets(stores.countedSets);
  const authors = Array.from({ length: AUTHORS }, () => newId());
  const first = { generation: 0, shard: 0 };
  for (const id of authors) {
    await drive(200, followers, () => sets.apply({ kind: 'followers', id }, newId(), newId()));
    await sets.pack('followers', id, first); // is written when it is asked for the first time
  }
  let turn = 0;
  const read = () => sets.pack('followers', authors[turn++ % AUTHORS] ?? 0n, first);
  await drive(AT_ONCE, reads, read);
  const { perSecond, p99Ms, cpuUs } = await middleOf(() => drive(AT_ONCE, reads, read));
  const idsPerSecond = perSecond * followers;
  return {
    title: `Followers for the fan-out, ${name}`,
    about: `${reads} chapters of ${followers} followers, ${AT_ONCE} at once, the middle of three runs: a head and a pack each.`,
    columns: ['chapters/s', 'million ids/s', 'p99 ms', 'CPU us per 1,000 ids'],
    rows: [
      [
        perSecond.toFixed(0),
        (idsPerSecond / 1e6).toFixed(1),
        p99Ms.toFixed(1),
        ((1000 * cpuUs) / followers).toFixed(1),
      ],
    ],
    goals: [goalOf(`followers from ${name}, millions/s`, idsPerSecond / 1e6, '>=', 2)],
  };
}

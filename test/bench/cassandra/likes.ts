import { newId, newSets } from '../counters/bench-engine.ts';
import { drive, loadCells, loadColumns, middleOf } from '../counters/load.ts';
import { goalOf, type Section } from '../report/report.ts';
import type { CassandraRig } from './cassandra-rig.ts';

const USERS = 128;

/** Likes of one post through the mechanism, against what the bare driver does with conditional writes and counters. */
export async function likes({ name, stores, bare }: CassandraRig, count: number): Promise<Section> {
  const post = newId();
  const sets = newSets(stores.countedSets);
  const spread = () => bare('INSERT INTO likes (user, post) VALUES (?, ?) IF NOT EXISTS', [newId(), post]);
  const counter = () => bare('UPDATE counts SET likes = likes + 1 WHERE post = ?', [post]);
  await drive(USERS, count, () => sets.add('likes', newId(), newId())); // warms the JVM
  const group = await middleOf(() => {
    const liked = newId();
    return drive(USERS, count, () => sets.add('likes', liked, newId()));
  });
  const conditional = await middleOf(() => drive(USERS, count, spread));
  const plain = await middleOf(() => drive(USERS, count, counter));
  return {
    title: `Likes of one post, ${USERS} users at once, ${name}`,
    about: `${count} likes each, the middle of three runs, without HTTP and without the member's index.`,
    columns: ['design', 'exact', ...loadColumns],
    rows: [
      ["bare driver, a conditional write in each user's own partition", 'without a count', ...loadCells(conditional)],
      ['bare driver, a counter column of one row', 'no', ...loadCells(plain)],
      ['counted set, one committer, one shard', 'yes', ...loadCells(group)],
    ],
    goals: [
      goalOf(`likes on ${name}, of conditional writes`, group.perSecond / conditional.perSecond, '>=', 3, ' x'),
      goalOf(`likes on ${name}, of a counter column`, group.perSecond / plain.perSecond, '>=', 1, ' x'),
    ],
  };
}

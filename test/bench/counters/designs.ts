import { type BenchEngine, newId, newSets } from './bench-engine.ts';
import { drive, loadCells, loadColumns, type LoadFigures, middleOf } from './load.ts';
import type { Section } from '../report/report.ts';

const USERS = 128;
const LIKES = 30_000;

/** Likes of one post by 128 users at once, by design. */
export async function designs(engine: BenchEngine): Promise<Section> {
  const { plain, setStore } = engine;
  const committers = (count: number) => Array.from({ length: count }, () => newSets(setStore));
  const group = async (processes: number, growths: number): Promise<LoadFigures> => {
    const post = newId();
    const sets = committers(processes);
    for (let i = 0; i < growths; i++) await sets[0]?.grow('likes', post);
    let turn = 0;
    return drive(USERS, LIKES, async () => sets[turn++ % processes]?.add('likes', post, newId()));
  };
  const one = async (act: (post: bigint) => Promise<unknown>) => {
    const post = newId();
    return drive(USERS, LIKES, () => act(post));
  };
  const rows: [string, string, () => Promise<LoadFigures>][] = [
    [
      "a conditional write for each like, in the post's partition",
      'yes',
      () => one((p) => plain.likeConditionally(p, newId())),
    ],
    ['counter column', 'no', () => one((p) => plain.increment(p, 0))],
    ['counter column, 16 shards', 'no', () => one((p) => plain.increment(p, Math.floor(Math.random() * 16)))],
    ['group commit, 1 committer, 1 shard', 'yes', () => group(1, 0)],
    ['group commit, 3 committers, 1 shard', 'yes', () => group(3, 0)],
    ['group commit, 1 committer, 4 shards', 'yes', () => group(1, 1)],
    ['group commit, 3 committers, 4 shards', 'yes', () => group(3, 1)],
    ['group commit, 1 committer, 64 shards', 'yes', () => group(1, 3)],
  ];
  const measured: [string, string, LoadFigures][] = [];
  for (const [name, exact, run] of rows) measured.push([name, exact, await middleOf(run)]);
  return {
    title: `Likes of one post, ${USERS} users at once, ${engine.name}`,
    about: `${LIKES} likes each, the middle of three runs, through the mechanism without HTTP and without the member's index.`,
    columns: ['design', 'exact', ...loadColumns],
    rows: measured.map(([name, exact, figures]) => [name, exact, ...loadCells(figures)]),
  };
}

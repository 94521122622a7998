import { type BenchEngine, newId, newSets, scaled } from './bench-engine.ts';
import { drive, loadCells, loadColumns, type LoadFigures, middleOf } from './load.ts';
import { type Goal, goalOf, type Section } from '../report/report.ts';

const USERS = 128;
const LIKES = 15_000;
const SPREAD = 'a conditional write for each like, in partitions of the users';
const COUNTER = 'counter column';
const GROUP = 'group commit, 1 committer, 1 shard';

/** Likes of one post by 128 users at once, by design. */
export async function designs(engine: BenchEngine): Promise<Section> {
  const { plain, setStore, name } = engine;
  const likes = scaled(engine, LIKES);
  const committers = (count: number) => Array.from({ length: count }, () => newSets(setStore));
  const group = async (processes: number, growths: number): Promise<LoadFigures> => {
    const post = newId();
    const sets = committers(processes);
    for (let i = 0; i < growths; i++) await sets[0]?.grow('likes', post);
    let turn = 0;
    return drive(USERS, likes, async () => sets[turn++ % processes]?.add('likes', post, newId()));
  };
  const one = async (act: (post: bigint) => Promise<unknown>) => {
    const post = newId();
    return drive(USERS, likes, () => act(post));
  };
  const rows: [string, string, () => Promise<LoadFigures>][] = [
    [SPREAD, 'when they are counted', () => one((p) => plain.likeSpread(p, newId()))],
    [
      "a conditional write for each like, in the post's partition",
      'yes',
      () => one((p) => plain.likeConditionally(p, newId())),
    ],
    [COUNTER, 'no', () => one((p) => plain.increment(p, 0))],
    ['counter column, 16 shards', 'no', () => one((p) => plain.increment(p, Math.floor(Math.random() * 16)))],
    [GROUP, 'yes', () => group(1, 0)],
    ['group commit, 3 committers, 1 shard', 'yes', () => group(3, 0)],
    ['group commit, 1 committer, 4 shards', 'yes', () => group(1, 1)],
    ['group commit, 3 committers, 4 shards', 'yes', () => group(3, 1)],
    ['group commit, 1 committer, 64 shards', 'yes', () => group(1, 3)],
  ];
  const measured: { design: string; exact: string; figures: LoadFigures }[] = [];
  for (const [design, exact, run] of rows) measured.push({ design, exact, figures: await middleOf(run) });
  const rateOf = (wanted: string) => measured.find(({ design }) => design === wanted)?.figures.perSecond ?? 0;
  return {
    title: `Likes of one post, ${USERS} users at once, ${name}`,
    about: `${likes} likes each, the middle of three runs, through the mechanism without HTTP and without the member's index.`,
    columns: ['design', 'exact', ...loadColumns],
    rows: measured.map(({ design, exact, figures }) => [design, exact, ...loadCells(figures)]),
    goals: engine.inOnePiece ? [] : goalsOf(name, rateOf(GROUP), rateOf(SPREAD), rateOf(COUNTER)),
  };
}

/** Of a store in which a write costs a journey: there, groups must be worth their while. */
function goalsOf(name: string, group: number, spread: number, counter: number): Goal[] {
  return [
    goalOf(`likes of one post against conditional writes on spread partitions, ${name}`, group / spread, '>=', 3, ' x'),
    goalOf(`likes of one post against a plain, inexact counter, ${name}`, group / counter, '>=', 1, ' x'),
  ];
}

import type { Technique } from '#config';
import { type BenchOptions, newReport, type Report, type Section } from '../report/report.ts';
import { type Case, CASES } from './cases.ts';
import { viralByK6 } from './viral-by-k6.ts';
import { Pair } from './pair.ts';
import { warmUp } from './trials.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * Each technique against hot keys in its place, switched off by its variable. Needs what `npm run build` makes, Java,
 * redis-server and k6 or Go.
 */
export async function run({ short, say }: BenchOptions): Promise<Report> {
  const stage = await openStage(say);
  try {
    const cases = short ? CASES.slice(0, 1) : CASES;
    const sections = [await offAndOn(stage, cases, say), await viralByK6(stage, short, say)];
    return newReport('Techniques against hot keys', sections, new Date());
  } finally {
    await stage.close();
  }
}

async function offAndOn(stage: Stage, cases: readonly Case[], say: (line: string) => void): Promise<Section> {
  const on = await withAll(stage, cases);
  const rows: string[][] = [];
  for (const one of cases) {
    const off = await inOrder(stage, [one], [...(one.beside ?? []), one.technique]);
    const row = [one.technique, one.beside?.join(', ') ?? '-', one.what, on.get(one) ?? '', off.get(one) ?? ''];
    say(row.join(' | '));
    rows.push(row);
  }
  return {
    title: 'Each technique on and off',
    about:
      'Two processes over one Cassandra node and six Redis nodes (3 masters, 3 replicas). 1,000 reads a second of one post, half at ' +
      'each process, without a token, for 3 s; Redis commands are those of the cache, for everything that the post is made of ' +
      '(post, author, counts, views). Without localTier the limit of each key would answer 429 before Redis suffers. earlyRefresh: ' +
      'five posts that have just been liked, whose counts are therefore kept for a second, for 10 s. copies, replicaReads: only ' +
      'what Redis was asked for the post itself, by 16 readers who never pause; a post has one copy more for each 1,000 reads a second. lastKnown: a post that has just been liked; 300 reads a ' +
      'second while Cassandra stands still for 8 s. warmStart: four starts of one process while the other is read.',
    columns: ['CACHE_WITHOUT', 'off in both', 'what', 'on', 'off'],
    rows,
  };
}

/** Cases that go without the same things share their processes. */
async function withAll(stage: Stage, cases: readonly Case[]): Promise<Map<Case, string>> {
  const groups = new Map<string, Case[]>();
  for (const one of cases) {
    const key = one.beside?.join() ?? '';
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const figures = new Map<Case, string>();
  for (const group of groups.values())
    for (const [one, figure] of await inOrder(stage, group, group[0]?.beside ?? [])) figures.set(one, figure);
  return figures;
}

async function inOrder(
  stage: Stage,
  cases: readonly Case[],
  without: readonly Technique[],
): Promise<Map<Case, string>> {
  const pair = await Pair.open(stage.env, without);
  const figures = new Map<Case, string>();
  try {
    await warmUp(stage, pair);
    for (const one of cases) figures.set(one, await one.trial(stage, pair));
  } finally {
    await pair.close();
  }
  return figures;
}

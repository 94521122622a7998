import { join, resolve } from 'node:path';
import type { Technique } from '#config';
import { ensureK6 } from '#local-stack';
import { runScenario } from '../../../apps/cli/src/k6/run-scenario.ts';
import type { Section } from '../report/report.ts';
import { type Growth, Pair } from './pair.ts';
import type { Stage } from './stage.ts';

const ONLOOKERS = ['4', '40'];
const WITHOUT: readonly (readonly Technique[])[] = [[], ['localTier', 'keyLimit']];
const RATE = '12';
const BOUNDS = { P99_MS: '5000' };

/** `npm run k6 -- viral-post`, and the same with ten times the readers. */
export async function viralByK6(stage: Stage, short: boolean, say: (line: string) => void): Promise<Section> {
  const k6 = await ensureK6({ env: process.env, say, moduleDir: resolve('test/k6/go') });
  const rows: (string | number)[][] = [];
  for (const without of short ? WITHOUT.slice(0, 1) : WITHOUT) {
    const pair = await Pair.open(stage.env, without);
    for (const onlookers of ONLOOKERS) {
      const load = { ...BOUNDS, RATE, ONLOOKERS: onlookers, DURATION_S: short ? '1' : '10' };
      const told = { ...load, BASE_URL: pair.first.url, TOKENS: stage.tokensFile };
      const options = { env: process.env, say, load: told, dir: join(stage.dir, 'k6') };
      const growth = await pair.growth(() => runScenario(k6, 'viral-post', options));
      rows.push([without.join() || 'nothing', onlookers, ...figuresOf(growth)]);
    }
    await pair.close();
  }
  return {
    title: 'viral-post by k6',
    about:
      `\`RATE=${RATE} ONLOOKERS=4 npm run k6 -- viral-post\`, and ten times the onlookers, for 10 s: whoever comes reads the author, ` +
      'the likes and a feed, too, and one in ten likes the post; onlookers only read it. Sums of the whole run. Redis commands ' +
      'are those of the cache, loads those of posts, authors, counts and views; feeds have their part in both.',
    columns: ['CACHE_WITHOUT', 'onlookers', 'reads of cached things', 'Redis commands', 'loads of the store'],
    rows,
  };
}

function figuresOf(growth: Growth): number[] {
  return [growth.events('local_hits', 'local_misses'), growth.tierCalls, growth.events('keys_loaded')];
}

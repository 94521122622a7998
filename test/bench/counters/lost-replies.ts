import { type BenchEngine, newId, newSets, scaled } from './bench-engine.ts';
import { goalOf, type Section } from '../report/report.ts';
import { unavailable } from '#kernel';
import type { CountedSetStore } from '#storage';

const LIKES = 10_000;
const LOST_SHARE = 0.01;

/** What the count is worth when one reply in a hundred is lost and the caller repeats. */
export async function lostReplies(engine: BenchEngine): Promise<Section> {
  const { name, plain, setStore } = engine;
  const likes = scaled(engine, LIKES);
  const post = newId();
  const counted = await likeAll(likes, async () => {
    await plain.increment(post, 0);
    if (Math.random() < LOST_SHARE) throw unavailable('the reply was lost');
  });
  const sets = newSets(losingReplies(setStore));
  await likeAll(likes, (user) => sets.add('likes', post, user));
  const total = await newSets(setStore).total('likes', post);
  const columns = await plain.readCounters(post, 1);
  return {
    title: `Drift when replies are lost, ${name}`,
    about: `${likes} likes; ${100 * LOST_SHARE} % of the writes are done and not answered, and repeated by whoever waits.`,
    columns: ['design', 'likes', 'count', 'drift'],
    rows: [
      ['counter column', counted, columns, columns - counted],
      ['counted set', counted, total, total - counted],
    ],
    goals: [goalOf(`drift of a counted set when replies are lost, ${name}`, Math.abs(total - counted), '<=', 0)],
  };
}

async function likeAll(likes: number, like: (user: bigint) => Promise<unknown>): Promise<number> {
  const repeat = async (user: bigint): Promise<void> => {
    try {
      await like(user);
    } catch {
      await repeat(user);
    }
  };
  let done = 0;
  for (; done < likes; done += 100) await Promise.all(Array.from({ length: 100 }, () => repeat(newId())));
  return done;
}

/** The store with commits that are done and not answered. */
function losingReplies(store: CountedSetStore): CountedSetStore {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (name !== 'commit') return method.bind(target) as unknown;
      return async (...args: Parameters<CountedSetStore['commit']>) => {
        const done = await target.commit(...args);
        if (Math.random() < LOST_SHARE) throw unavailable('the reply was lost');
        return done;
      };
    },
  });
}

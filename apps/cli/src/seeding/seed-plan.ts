import type { Graph } from './graph-file.ts';

export interface SeedSizes {
  /** Ordinary users in all. */
  readonly users: number;
  readonly celebrities: number;
  /** Followers of each celebrity. */
  readonly followers: number;
  /** Posts in all. */
  readonly posts: number;
}

/** What there is to be in the end. The same arguments give the same plan, so a seed can be repeated and resumed. */
export interface SeedPlan {
  readonly handles: readonly string[];
  readonly follows: readonly (readonly [number, number])[];
  /** Author of each post, by position. */
  readonly authors: Uint32Array;
}

const FOLLOWS_PER_USER = 15;

export function planSeed(graph: Graph | undefined, sizes: SeedSizes): SeedPlan {
  const handles = [...(graph?.handles ?? [])];
  const follows = [...(graph?.follows ?? [])];
  const random = randomNumbers(20_260_101);
  const ordinary = Math.max(sizes.users, handles.length, sizes.celebrities > 0 ? sizes.followers : 0);
  const firstMade = handles.length;
  for (let i = firstMade; i < ordinary; i++) handles.push(`user_${i + 1}`);
  for (let i = firstMade; i < ordinary; i++) follows.push(...followsOf(i, ordinary, random));
  for (let c = 0; c < sizes.celebrities; c++) {
    const celebrity = handles.push(`celebrity_${c + 1}`) - 1;
    for (let i = 0; i < sizes.followers; i++) follows.push([i, celebrity]);
  }
  return { handles, follows, authors: authorsOf(handles.length, follows, sizes.posts, random) };
}

/** Some of the others, the first ones more often: so that a few have many followers. */
function followsOf(user: number, users: number, random: () => number): [number, number][] {
  const chosen = new Set<number>();
  for (let i = 0; i < FOLLOWS_PER_USER; i++) {
    const other = Math.floor(users * random() ** 3);
    if (other !== user) chosen.add(other);
  }
  return Array.from(chosen, (other) => [user, other]);
}

/** Who is followed more posts more: with the square root of their followers. */
function authorsOf(
  users: number,
  follows: readonly (readonly [number, number])[],
  posts: number,
  random: () => number,
): Uint32Array {
  const followers = new Float64Array(users);
  for (const [, followee] of follows) followers[followee] = (followers[followee] ?? 0) + 1;
  const sums = new Float64Array(users);
  let sum = 0;
  for (let i = 0; i < users; i++) sums[i] = sum += Math.sqrt(1 + (followers[i] ?? 0));
  return Uint32Array.from({ length: users === 0 ? 0 : posts }, () => firstAbove(sums, random() * sum));
}

function firstAbove(sums: Float64Array, value: number): number {
  let from = 0;
  let to = sums.length - 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sums[middle] ?? 0) > value) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Mulberry32: small, and the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { CountedSets, Reconciler } from '#counters';
import { systemClock } from '#kernel';
import type { CountedSetStore, CountedSubject } from '#storage';
import { seededChance, until } from '#test';
import type { LikeCrowd } from './like-crowd.ts';

/** What everybody reads says the same in the end: replies are counted behind the answer, if need be by the sweeper. */
export async function expectCountsOf(crowd: LikeCrowd): Promise<void> {
  const { likers, replies, reposts } = crowd;
  interface Counts {
    readonly likeCount: number;
    readonly replyCount: number;
    readonly repostCount: number;
  }
  const post = await until(
    () => crowd.author.expect('GET', `/v1/posts/${crowd.post}`) as Promise<Counts>,
    (counts) => counts.likeCount === likers.length && counts.replyCount === replies && counts.repostCount === reposts,
    { deadlineMs: 60_000 },
  );
  expect(post).toMatchObject({ likeCount: likers.length, replyCount: replies, repostCount: reposts });
}

/** Looks into the store itself: the members, the total, and that one fits the other. */
export async function expectMembers(
  store: CountedSetStore,
  { kind, id }: CountedSubject,
  expected: readonly bigint[],
): Promise<void> {
  const parts = { store, clock: systemClock, chance: seededChance(1) };
  const sets = new CountedSets(parts);
  const { members } = await sets.page(kind, id, { limit: 2 * expected.length });
  expect(members.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(expected);
  await expect(sets.total(kind, id)).resolves.toBe(expected.length);
  const check = await new Reconciler(parts).check({ kind, id });
  expect(check).toMatchObject({ members: expected.length, drift: 0, doubles: 0, busyShards: 0 });
}

/** No shard of the newest generation took more than twice the mean. */
export async function expectSpread(store: CountedSetStore, subject: CountedSubject): Promise<void> {
  const layout = await store.loadLayout(subject);
  const generation = layout.length - 1;
  const shards = Array.from({ length: layout[generation] ?? 0 }, (_, shard) => ({ ...subject, generation, shard }));
  const totals = (await store.heads(shards)).map(({ total }) => total);
  const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  expect(Math.max(...totals)).toBeLessThanOrEqual(2 * mean);
}

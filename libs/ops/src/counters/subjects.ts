import type { CountedSets } from '#counters';
import type { HotCache } from '#hot-cache';
import { parseId, type PostId, type UserId } from '#ids';
import type { CountedKind, CountedSubject } from '#storage';

const OF_POST: readonly CountedKind[] = ['likes', 'replies', 'reposts'];
const OF_USER: readonly CountedKind[] = ['followers', 'posts'];
const OF_REGION: Readonly<Record<string, readonly CountedKind[]>> = { counts: OF_POST, profile: OF_USER };

export function setsOfPost(id: PostId): CountedSubject[] {
  return OF_POST.map((kind) => ({ kind, id }));
}

export function setsOfUser(id: UserId): CountedSubject[] {
  return OF_USER.map((kind) => ({ kind, id }));
}

/** The sets of everything that is read or written a lot, or was during the last minutes, as far as this process knows. */
export function hotSubjects(
  sets: Pick<CountedSets, 'hottest'>,
  cache: Pick<HotCache, 'hotKeys' | 'hotHistory'>,
  limit: number,
): CountedSubject[] {
  const read = [...cache.hotKeys, ...cache.hotHistory].flatMap(({ region, key }) => {
    const id = parseId(key);
    return id === undefined ? [] : (OF_REGION[region] ?? []).map((kind) => ({ kind, id }));
  });
  const written = sets.hottest(limit).map(({ subject }) => subject);
  const byName = new Map([...read, ...written].map((subject) => [`${subject.kind} ${subject.id}`, subject]));
  return [...byName.values()].slice(0, limit);
}

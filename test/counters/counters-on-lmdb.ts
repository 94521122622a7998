import { CountedSets, type CounterLimits, MemberIndex, Memberships, type MembershipsOptions } from '#counters';
import { LmdbCountedSetStore, LmdbEnvironment, LmdbMemberIndexStore } from '#engine-lmdb';
import { systemClock } from '#kernel';
import { seededChance, tempDir } from '#test';

/** Counters on a new LMDB of their own. @param inOnePiece as the product has it on LMDB; else as on Cassandra, with marks. */
export function countersOnLmdb(limits?: CounterLimits, inOnePiece = false) {
  const dir = tempDir();
  const env = LmdbEnvironment.open(dir.path);
  const setStore = new LmdbCountedSetStore(env);
  const indexStore = new LmdbMemberIndexStore(env);
  const clock = systemClock;
  let seed = 1;
  /** Another committer on the same store, as another process would be. */
  const newSets = () =>
    new CountedSets({ store: setStore, clock, chance: seededChance(seed++), ...(limits && { limits }) });
  const sets = newSets();
  const newMemberships = (own: CountedSets, told?: Pick<MembershipsOptions, 'onLiking'>) =>
    new Memberships({ sets: own, index: indexStore, clock, chance: seededChance(seed++), inOnePiece, ...told });
  const memberships = newMemberships(sets);
  const index = new MemberIndex({ sets, store: indexStore, clock });
  return {
    setStore,
    indexStore,
    sets,
    newSets,
    memberships,
    newMemberships,
    index,
    async close() {
      await Promise.all([memberships.close(), sets.close()]);
      await env.close();
      dir.remove();
    },
  };
}

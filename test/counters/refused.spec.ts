import { countersOnLmdb } from './counters-on-lmdb.ts';
import { CountedSets, counterLimits } from '#counters';
import { ManualClock, seededChance, settle } from '#test';

const counters = countersOnLmdb();
const { setStore: store } = counters;
afterAll(() => counters.close());

/** Has reads wait until they are let through. */
function holdReads() {
  const read = store.read.bind(store);
  const held: (() => void)[] = [];
  const gate = { holds: true, letThrough: () => held.splice(0).forEach((resume) => resume()) };
  store.read = async (reads) => {
    if (gate.holds) await new Promise<void>((resume) => held.push(resume));
    return read(reads);
  };
  return gate;
}

describe('a change that was refused', () => {
  it('does not happen later in another generation, because it was in a group with an older one', async () => {
    const clock = new ManualClock();
    const sets = new CountedSets({ store, clock, chance: seededChance(1) });
    const [kind, post] = ['likes', 77n] as const;
    await store.publish({ kind, id: post }, [1], 4);
    const oldShard = { kind, id: post, generation: 0, shard: 0 };
    await store.commit(oldShard, 0, { total: 0, sealed: true, commitId: 1n, changes: [] });
    const refused: bigint[] = [];
    const add = (member: bigint) => void sets.add(kind, post, member).catch(() => refused.push(member));

    const gate = holdReads();
    add(1n); // a group of its own, whose read is held; the others wait for the next group
    add(2n);
    await clock.advance(counterLimits.timeoutMs / 2);
    add(3n);
    gate.holds = false;
    gate.letThrough();
    gate.holds = true;
    await settle();
    await clock.advance(counterLimits.timeoutMs / 2 + 1);
    expect(refused).toEqual(expect.arrayContaining([2n, 3n]));

    gate.holds = false;
    gate.letThrough();
    await sets.add(kind, post, 4n);
    await settle();
    await expect(sets.hasMany(kind, post, refused)).resolves.toEqual(refused.map(() => false));
  });
});

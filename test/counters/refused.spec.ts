import { CountedSets, counterLimits } from '#counters';
import { LmdbCountedSetStore, LmdbEnvironment } from '#engine-lmdb';
import type { ShardRead, ShardState } from '#storage';
import { ManualClock, seededChance, settle, tempDir } from '#test';

/** A store whose reads wait until they are let through. */
class HeldStore extends LmdbCountedSetStore {
  readonly #held: (() => void)[] = [];
  holds = false;

  override async read(reads: readonly ShardRead[]): Promise<ShardState[]> {
    if (this.holds) await new Promise<void>((resume) => this.#held.push(resume));
    return super.read(reads);
  }

  letThrough(): void {
    for (const resume of this.#held.splice(0)) resume();
  }
}

const dir = tempDir();
const env = LmdbEnvironment.open(dir.path);
const store = new HeldStore(env);
afterAll(async () => {
  await env.close();
  dir.remove();
});

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

    store.holds = true;
    add(1n); // a group of its own, whose read is held; the others wait for the next group
    add(2n);
    await clock.advance(counterLimits.timeoutMs / 2);
    add(3n);
    store.holds = false;
    store.letThrough();
    store.holds = true;
    await settle();
    await clock.advance(counterLimits.timeoutMs / 2 + 1);
    expect(refused).toEqual(expect.arrayContaining([2n, 3n]));

    store.holds = false;
    store.letThrough();
    await sets.add(kind, post, 4n);
    await settle();
    await expect(sets.hasMany(kind, post, refused)).resolves.toEqual(refused.map(() => false));
  });
});

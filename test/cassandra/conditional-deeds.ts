import { CountedSets } from '#counters';
import type { PostId, UserId } from '#ids';
import { isAppError, systemClock } from '#kernel';
import { newId } from '../contract/store-engine.ts';
import type { Deed, TwoProcesses } from './fault-load.ts';

/** Whose outcome is unknown may ask again, with the same ids: the answer then is that of the first time. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let times = 0; ; times++) {
    try {
      return await ask();
    } catch (error) {
      if (!isAppError(error, 'unavailable') || times === 20) throw error;
    }
  }
}

/** Two users want one handle, each through a process of their own; two requests want one idempotency key. */
export class RaceForNames implements Deed {
  readonly name = 'race for a handle and a key';
  readonly clients = 1;
  readonly #handles: { handle: string; winner: UserId }[] = [];
  readonly #wrong: string[] = [];

  constructor(private readonly processes: TwoProcesses) {}

  async once(): Promise<void> {
    await Promise.all([this.#raceForHandle(), this.#raceForKey()]);
  }

  async faults(): Promise<string[]> {
    const [{ users }] = this.processes;
    const found = await Promise.all(this.#handles.map(({ handle }) => users.findIdByHandle(handle)));
    const lost = this.#handles.filter(({ winner }, i) => found[i] !== winner);
    return [...this.#wrong, ...lost.map(({ handle, winner }) => `${handle} does not lead to ${winner}`)];
  }

  async #raceForHandle(): Promise<void> {
    const handle = `h${newId()}`;
    const rivals = this.processes.map(({ users }) => {
      const user = { id: newId<UserId>(), handle, displayName: handle, passwordHash: 'x' };
      return { id: user.id, won: untilAnswered(() => users.create(user)) };
    });
    const outcomes = await Promise.all(rivals.map(({ won }) => won));
    const winners = rivals.filter((_, i) => outcomes[i]).map(({ id }) => id);
    if (winners.length === 1) this.#handles.push({ handle, winner: winners[0]! });
    else this.#wrong.push(`${winners.length} users were given ${handle}`);
  }

  async #raceForKey(): Promise<void> {
    const [user, leaseUntilMs] = [newId<UserId>(), Date.now() + 60_000];
    const outcomes = await Promise.all(
      this.processes.map(({ idempotency }) => {
        const claim = { fingerprint: 'f', postId: newId<PostId>(), leaseUntilMs };
        return untilAnswered(() => idempotency.claim(user, 'key', claim, 600_000));
      }),
    );
    const winners = outcomes.filter((record) => record === undefined).length;
    if (winners !== 1) this.#wrong.push(`${winners} requests were given one key`);
  }
}

/** Users like and unlike one post through either of two processes, which compete for its shard. */
export class LikeOnePost implements Deed {
  readonly name = 'like or unlike';
  readonly clients = 6;
  readonly #post = newId<PostId>();
  readonly #likes = new Map<bigint, boolean>();
  /** Whose last wish was granted: one user wishes one thing at a time. */
  readonly #idle: bigint[] = [];
  readonly #sets: readonly CountedSets[];
  #times = 0;

  constructor(processes: TwoProcesses) {
    this.#sets = processes.map(
      ({ countedSets: store }) => new CountedSets({ store, clock: systemClock, chance: Math.random }),
    );
  }

  async once(): Promise<void> {
    const times = this.#times++;
    const user = (times % 3 === 2 ? this.#idle.shift() : undefined) ?? newId<bigint>();
    const on = this.#likes.get(user) !== true;
    this.#likes.set(user, on);
    const sets = this.#sets[times % 2]!;
    await untilAnswered(() => (on ? sets.add('likes', this.#post, user) : sets.remove('likes', this.#post, user)));
    this.#idle.push(user);
  }

  async faults(): Promise<string[]> {
    const expected = [...this.#likes.keys()].filter((user) => this.#likes.get(user)).sort();
    const [sets] = this.#sets as [CountedSets];
    const { members } = await sets.page('likes', this.#post, { after: undefined, limit: 100_000 });
    const total = await sets.total('likes', this.#post);
    const same = members.toSorted().join() === expected.join();
    return [
      ...(same ? [] : [`${members.length} members, of whom ${expected.length} were acknowledged`]),
      ...(total === expected.length ? [] : [`a total of ${total} for ${expected.length} members`]),
    ];
  }
}

import { type Chance, type Clock, Repetition } from '#kernel';
import type { CountedSetStore, CountedSubject, Shard } from '#storage';
import { answered } from '../answered.ts';
import { commitIds } from '../commit-ids.ts';
import { type CounterEvents, noEvents, type SetCheck } from '../counter-events.ts';
import { shardsOf } from '../placement.ts';
import { type Double, findDoubles } from './doubles.ts';
import { recountShard } from './shard-recount.ts';

export interface ReconcilerOptions {
  readonly store: CountedSetStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly events?: CounterEvents;
  /** Between two sets of the walk. */
  readonly pauseMs?: number;
  /** The walk begins anew at most this often. */
  readonly roundMs?: number;
}

const SUBJECTS_PER_READ = 100;

/**
 * Counts sets anew from their members and repairs what does not fit: on demand, and on a slow walk over all sets that
 * never ends. Nothing here is needed for counts to be right; it is how one knows that they are.
 */
export class Reconciler {
  readonly #store: CountedSetStore;
  readonly #events: CounterEvents;
  readonly #newCommitId: () => bigint;
  readonly #walk: Repetition;
  #ahead: CountedSubject[] = [];
  #next: Buffer | undefined;
  #nextRoundMs = -Infinity;

  constructor({ store, clock, chance, events = noEvents, pauseMs = 100, roundMs = 60_000 }: ReconcilerOptions) {
    this.#store = store;
    this.#events = events;
    this.#newCommitId = commitIds(clock, chance);
    this.#walk = new Repetition(
      clock,
      pauseMs,
      () => this.#step(clock.elapsed(), roundMs),
      (error) => events.failed('checking', error),
    );
  }

  start(): void {
    this.#walk.start();
  }

  stop(): Promise<void> {
    return this.#walk.stop();
  }

  /** May run beside any number of writers. */
  async check(subject: CountedSubject): Promise<SetCheck> {
    const layout = await this.#store.loadLayout(subject);
    let [members, drift, doubles, busyShards] = [0, 0, 0, 0];
    for (const shard of shardsOf(subject, layout)) {
      for await (const double of findDoubles(this.#store, shard, layout)) doubles += await this.#mend(double);
      const counted = await this.#recount(shard);
      members += counted?.members ?? 0;
      drift += counted?.drift ?? 0;
      if (counted === undefined) busyShards++;
    }
    const check = { subject, members, drift, doubles, busyShards };
    this.#events.checked(check);
    return check;
  }

  /** Puts the total right; undefined for a shard that is too busy. */
  async #recount(shard: Shard): Promise<{ members: number; drift: number } | undefined> {
    const counted = await recountShard(this.#store, shard);
    if (counted === undefined) return undefined;
    const { head, members } = counted;
    const drift = head.total - members;
    if (drift === 0) return { members, drift };
    const commit = { total: members, sealed: head.sealed, commitId: this.#newCommitId(), changes: [] };
    return (await this.#store.commit(shard, head.version, commit)) ? { members, drift } : undefined;
  }

  /** Takes the member out of the newer shard, which nobody asks while the older has it. Returns 1 if it was done. */
  async #mend({ member, newer }: Double): Promise<number> {
    const [state] = await this.#store.read([{ shard: newer, members: [member] }]);
    const { total, sealed, version } = answered(state);
    const changes = [{ member, since: undefined }];
    const commit = { total: total - 1, sealed, commitId: this.#newCommitId(), changes };
    return (await this.#store.commit(newer, version, commit)) ? 1 : 0;
  }

  async #step(nowMs: number, roundMs: number): Promise<void> {
    if (this.#ahead.length === 0 && this.#next === undefined) {
      if (nowMs < this.#nextRoundMs) return;
      this.#nextRoundMs = nowMs + roundMs;
    }
    const subject = this.#ahead.shift() ?? (await this.#lookAhead());
    if (subject) await this.check(subject);
  }

  async #lookAhead(): Promise<CountedSubject | undefined> {
    const { subjects, next } = await this.#store.listSubjects(this.#next, SUBJECTS_PER_READ);
    this.#next = next;
    this.#ahead = subjects;
    return this.#ahead.shift();
  }
}

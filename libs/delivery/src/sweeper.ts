import type { PostDispatcher } from '#fanout';
import { idAt, timeOf } from '#ids';
import { type Clock, isAppError } from '#kernel';
import type { OutboxEntry, OutboxStore, PostStore } from '#storage';
import type { DeliveryMetrics } from './delivery-metrics.ts';

export interface SweeperTiming {
  readonly everyMs: number;
  /** Rows younger than this are left to whoever wrote them. */
  readonly graceMs: number;
  /** A row that was dispatched is looked at again after this time. */
  readonly patienceMs: number;
  /** The same for a row that could not be dispatched because something was away. */
  readonly awayMs: number;
  /** A row whose post has not appeared by then never will. */
  readonly horizonMs: number;
}

export const sweeperTiming: SweeperTiming = {
  everyMs: 1_000,
  graceMs: 4_000,
  patienceMs: 60_000,
  awayMs: 3_000,
  horizonMs: 300_000,
};

const ROWS_PER_PAGE = 200;
/** Rows that one sweep dispatches: a long backlog is worked off sweep by sweep, and new posts go on beside it. */
const ROWS_PER_SWEEP = 2_000;

/**
 * Finds outbox rows that were left behind (a process died, Redis was away), finishes write sets that stopped in the
 * middle, and dispatches them again. Everything it does may be done twice, by this process or another.
 */
export class Sweeper {
  /** Rows dispatched and not gone yet, and when to look again (monotonic). */
  readonly #waiting = new Map<bigint, number>();
  #running: Promise<number> | undefined;

  constructor(
    private readonly outbox: OutboxStore,
    private readonly posts: PostStore,
    private readonly dispatcher: PostDispatcher,
    private readonly clock: Clock,
    private readonly metrics: DeliveryMetrics,
    private readonly timing: SweeperTiming = sweeperTiming,
  ) {}

  /**
   * One sweep; joins one that is under way. Resolves to how many rows were dispatched. Rejects when something is away,
   * and, after all others had their turn, when a row could not be dispatched for another reason.
   */
  sweep(): Promise<number> {
    this.#running ??= this.#sweep().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #sweep(): Promise<number> {
    const before = idAt(this.clock.now() - this.timing.graceMs);
    const present = new Set<bigint>();
    const failures: unknown[] = [];
    let after = 0n;
    let dispatched = 0;
    while (dispatched < ROWS_PER_SWEEP) {
      const rows = await this.outbox.list(after, before, ROWS_PER_PAGE);
      for (const row of rows) {
        present.add(row.id);
        if (this.#isDue(row) && (await this.#attempt(row, failures))) dispatched++;
      }
      const last = rows.at(-1);
      if (!last || rows.length < ROWS_PER_PAGE) {
        this.#forgetAllBut(present);
        break;
      }
      after = last.id;
    }
    if (dispatched > 0) this.metrics.swept(dispatched);
    await this.outbox.compact(this.#oldest(present));
    if (failures.length > 0) throw failures[0];
    return dispatched;
  }

  #isDue(row: OutboxEntry): boolean {
    return this.clock.elapsed() >= (this.#waiting.get(row.id) ?? 0);
  }

  /** Notes the failure of a row that others need not wait for; throws when something is away, which they would find, too. */
  async #attempt(row: OutboxEntry, failures: unknown[]): Promise<boolean> {
    this.#lookAgainAfter(row, this.timing.patienceMs);
    try {
      return await this.#recover(row);
    } catch (error) {
      if (isAppError(error, 'unavailable')) {
        this.#lookAgainAfter(row, this.timing.awayMs);
        throw error;
      }
      failures.push(error);
      return false;
    }
  }

  #lookAgainAfter(row: OutboxEntry, delayMs: number): void {
    this.#waiting.set(row.id, this.clock.elapsed() + delayMs);
  }

  /** True when something was dispatched. */
  async #recover(row: OutboxEntry): Promise<boolean> {
    const post = row.kind === 'created' ? await this.posts.find(row.postId) : await this.posts.findDeleted(row.postId);
    if (!post) {
      if (await this.#isVoid(row)) await this.outbox.remove(row);
      return false;
    }
    if (row.kind === 'deleted') {
      await this.dispatcher.deleted(post, row);
    } else {
      await this.posts.create(post, row);
      await this.dispatcher.created(post, row, { recovered: true });
    }
    return true;
  }

  /** The post was deleted since, or its write never got further than this row. */
  async #isVoid(row: OutboxEntry): Promise<boolean> {
    if (row.kind === 'created' && (await this.posts.findDeleted(row.postId))) return true;
    return timeOf(row.id) < this.clock.now() - this.timing.horizonMs;
  }

  /** Before this id no row is left, and none is on its way: not even that of a write which takes very long. */
  #oldest(present: ReadonlySet<bigint>): bigint {
    const horizon = idAt(this.clock.now() - this.timing.horizonMs);
    for (const id of present) return id < horizon ? id : horizon;
    return horizon;
  }

  #forgetAllBut(present: ReadonlySet<bigint>): void {
    for (const id of this.#waiting.keys()) if (!present.has(id)) this.#waiting.delete(id);
  }
}

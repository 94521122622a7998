import type { PostDispatcher } from '#fanout';
import { idAt, timeOf } from '#ids';
import type { Clock } from '#kernel';
import type { OutboxEntry, OutboxStore, PostStore } from '#storage';
import type { DeliveryMetrics } from './delivery-metrics.ts';

export interface SweeperTiming {
  readonly everyMs: number;
  /** Rows younger than this are left to whoever wrote them. */
  readonly graceMs: number;
  /** A row that was dispatched is looked at again after this time. */
  readonly patienceMs: number;
  /** A row whose post has not appeared by then never will. */
  readonly horizonMs: number;
}

export const sweeperTiming: SweeperTiming = {
  everyMs: 2_000,
  graceMs: 10_000,
  patienceMs: 60_000,
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

  /** One sweep; joins one that is under way. Resolves to how many rows were dispatched. */
  sweep(): Promise<number> {
    this.#running ??= this.#sweep().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #sweep(): Promise<number> {
    const before = idAt(this.clock.now() - this.timing.graceMs);
    const present = new Set<bigint>();
    let after = 0n;
    let dispatched = 0;
    while (dispatched < ROWS_PER_SWEEP) {
      const rows = await this.outbox.list(after, before, ROWS_PER_PAGE);
      for (const row of rows) {
        present.add(row.id);
        if (this.#isDue(row) && (await this.#recover(row))) dispatched++;
      }
      const last = rows.at(-1);
      if (!last || rows.length < ROWS_PER_PAGE) {
        this.#forgetAllBut(present);
        break;
      }
      after = last.id;
    }
    if (dispatched > 0) this.metrics.swept(dispatched);
    await this.outbox.compact(firstOf(present) ?? before);
    return dispatched;
  }

  #isDue(row: OutboxEntry): boolean {
    return this.clock.elapsed() >= (this.#waiting.get(row.id) ?? 0);
  }

  /** True when something was dispatched. */
  async #recover(row: OutboxEntry): Promise<boolean> {
    this.#waiting.set(row.id, this.clock.elapsed() + this.timing.patienceMs);
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

  #forgetAllBut(present: ReadonlySet<bigint>): void {
    for (const id of this.#waiting.keys()) if (!present.has(id)) this.#waiting.delete(id);
  }
}

function firstOf(ids: ReadonlySet<bigint>): bigint | undefined {
  for (const id of ids) return id;
  return undefined;
}

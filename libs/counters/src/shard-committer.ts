import { pause, unavailable } from '#kernel';
import type { IndexSettlement, Shard, ShardCount, ShardHead } from '#storage';
import { answered } from './answered.ts';
import { committedAtMs } from './commit-ids.ts';
import { type CommitPlan, planCommit } from './commit-plan.ts';
import type { CommitReport } from './commit-report.ts';
import type { CounterContext } from './counter-context.ts';
import type { Operation } from './operation.ts';
import { type Ancestor, ancestorsOf } from './sealed-packs.ts';
import { isSettled, wakes } from './settled-counts.ts';
import { stateOf } from './settling.ts';

/** The set that a committer works for: where operations go that turn out to belong to another shard. */
export interface CommitterSet {
  /** Shards per generation, as far as this process knows. */
  readonly layout: readonly number[];
  /** Looks the layout up again. */
  reload(): Promise<unknown>;
  /** Hands operations on to the shards of their members in another generation. */
  forward(operations: CommitPlan['elsewhere']): void;
  committed(report: CommitReport): void;
  /** Told when nothing waits for the shard any more. */
  idle(): void;
}

/** How often a commit may end without an answer before its group is given up. */
const UNKNOWN_MAX = 3;
/** Waits between two tries grow from 1 ms to 64 ms, times chance. */
const BACKOFF_DOUBLINGS_MAX = 6;

const NONE: readonly bigint[] = [];

/** A group on its way through as many tries as it takes. */
interface Round {
  readonly group: readonly Operation[];
  readonly members: readonly bigint[];
  readonly deadlineMs: number;
  tries: number;
  unknown: number;
  /** A commit of which we do not know whether it took effect: the next read shows its id if it did. */
  doubt: { readonly commitId: bigint; readonly plan: CommitPlan } | undefined;
}

/**
 * Group commit for one shard: all operations that arrive while a commit runs go into the next one, which is one read
 * and one conditional write whatever their number (as databases flush their logs for many transactions at once:
 * DeWitt et al., SIGMOD 1984). Competing committers of one shard, here or in other processes, are kept apart by the
 * version condition alone: a committer that loses reads again. So it is safe to abandon one that hangs.
 */
export class ShardCommitter {
  readonly #queue: Operation[] = [];
  #ancestors: readonly Ancestor[] | undefined;
  /** The newest commit known to have thrown out what it made old. */
  #announced: bigint | undefined;
  #running = false;
  #runs = 0;

  constructor(
    private readonly shard: Shard,
    private readonly set: CommitterSet,
    private readonly context: CounterContext,
  ) {}

  get busy(): boolean {
    return this.#running;
  }

  enqueue(operation: Operation): void {
    if (this.#queue.length >= this.context.limits.queueMax) {
      operation.reject(unavailable('too many changes of one count are waiting'));
      return;
    }
    this.#queue.push(operation);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    const run = ++this.#runs;
    this.#running = true;
    for (let group = this.#take(); group.length > 0; group = this.#take()) {
      await this.#settle(group);
      if (run !== this.#runs) return; // abandoned: another run goes on
    }
    this.#running = false;
    this.set.idle();
  }

  /**
   * The next group. Operations that waited until their deadline are refused: they have changed nothing. Others may have been
   * refused with a group whose deadline came before their own, and then been forwarded by what was left of it.
   */
  #take(): Operation[] {
    const nowMs = this.context.clock.elapsed();
    for (;;) {
      const taken = this.#queue.splice(0, this.context.limits.groupMax);
      const group = taken.filter(({ deadlineMs, isAnswered }) => deadlineMs > nowMs && !isAnswered);
      for (const late of taken) if (late.deadlineMs <= nowMs) late.reject(unavailable('waited too long to be counted'));
      if (group.length > 0 || taken.length === 0) return group;
    }
  }

  /** Ends with every operation of the group answered; the watch sees to it that they are when this does not end. */
  async #settle(group: readonly Operation[]): Promise<void> {
    const { deadlines } = this.context;
    const deadlineMs = Math.min(...group.map((operation) => operation.deadlineMs));
    const watched = { deadlineMs, expire: () => this.#abandon(group) };
    deadlines.watch(watched);
    try {
      await this.#commit(group, deadlineMs);
    } catch (error) {
      for (const operation of group) operation.reject(error);
    }
    deadlines.forget(watched);
  }

  /** Goes on with the next group beside the one that hangs. */
  #abandon(group: readonly Operation[]): void {
    for (const operation of group) operation.reject(unavailable('counting took too long'));
    void this.#run();
  }

  async #commit(group: readonly Operation[], deadlineMs: number): Promise<void> {
    const members = [...new Set(group.map((operation) => operation.member))];
    const round: Round = { group, members, deadlineMs, tries: 0, unknown: 0, doubt: undefined };
    while (!(await this.#try(round))) await this.#backOff(++round.tries);
  }

  /** Reads, plans and writes; false when another commit came first or the end of ours is not known. */
  async #try(round: Round): Promise<boolean> {
    this.#ancestors ??= ancestorsOf(this.shard, this.set.layout);
    const states = await this.context.sealedPacks.readLineage(this.shard, this.#ancestors, round.members);
    const own = answered(states.at(-1));
    if (own.sealed && !this.#hasSuccessor) await this.set.reload();
    if (round.doubt?.commitId === own.commitId) {
      await this.#wake(own.commitId);
      return this.#answer(round.doubt.plan, own.version, round.tries);
    }
    const plan = planCommit(round.group, round.members, states);
    const sealed = own.sealed || this.#hasSuccessor;
    const idle = plan.changes.length === 0 && sealed === own.sealed;
    if (idle) {
      await this.#wakeForOthers(own);
      return this.#answer(plan, own.version, round.tries);
    }
    const commitId = await this.#write(round, plan, own.version, sealed);
    if (commitId === undefined) return false;
    if (wakes(committedAtMs(own), this.context.clock.now())) await this.#wake(commitId);
    else this.#announced = commitId;
    return this.#answer(plan, own.version + 1, round.tries);
  }

  /** Who made the last commit may have died before anybody heard of it; those that repeat it now are told that it counts. */
  async #wakeForOthers(own: ShardHead): Promise<void> {
    const isRecent = own.version > 0 && !isSettled(committedAtMs(own), this.context.clock.now());
    if (isRecent && own.commitId !== this.#announced) await this.#wake(own.commitId);
  }

  async #wake(commitId: bigint): Promise<void> {
    const { kind, id } = this.shard;
    await this.context.onWake({ kind, id }).catch(() => undefined);
    this.#announced = commitId;
  }

  /** The id of the commit, if it was made. */
  async #write(round: Round, plan: CommitPlan, version: number, sealed: boolean): Promise<bigint | undefined> {
    // Whoever was told that it failed must not see it happen after that: no write begins after the deadline.
    if (this.context.clock.elapsed() >= round.deadlineMs) throw unavailable('counting took too long');
    const { total, changes } = plan;
    const commitId = this.context.newCommitId();
    try {
      const rows = this.#rowsOf(plan, version + 1);
      const commit = { total, sealed, commitId, changes, rows };
      return (await this.context.store.commit(this.shard, version, commit)) ? commitId : undefined;
    } catch (error) {
      if (++round.unknown > UNKNOWN_MAX) throw error;
      round.doubt = { commitId, plan };
      return undefined;
    }
  }

  /** What the members' own indexes say after the commit, for those operations that want it in one piece with the set. */
  #rowsOf({ total, decided }: CommitPlan, version: number): IndexSettlement[] {
    const at = this.#countAt(total, version);
    const rows: IndexSettlement[] = [];
    for (const { operation, changed, seat } of decided) {
      if (!changed || operation.row === undefined) continue;
      const { partition, subject } = operation.row;
      rows.push({ partition, subject, marks: NONE, state: stateOf({ since: seat.since, at }) });
    }
    return rows;
  }

  #countAt(total: number, version: number): ShardCount {
    return { generation: this.shard.generation, shard: this.shard.shard, total, version };
  }

  get #hasSuccessor(): boolean {
    return this.shard.generation < this.set.layout.length - 1;
  }

  #answer(plan: CommitPlan, version: number, lost: number): true {
    const at = this.#countAt(plan.total, version);
    const operations = plan.decided.length;
    this.set.committed({ shard: this.shard, at, operations, waiting: this.#queue.length, lost });
    for (const { operation, changed, seat } of plan.decided) operation.resolve({ changed, since: seat.since, at });
    this.set.forward(plan.elsewhere);
    return true;
  }

  #backOff(attempt: number): Promise<void> {
    const { clock, chance } = this.context;
    const delayMs = chance() * 2 ** Math.min(attempt, BACKOFF_DOUBLINGS_MAX);
    return pause(delayMs, clock);
  }
}

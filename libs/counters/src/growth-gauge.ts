import type { CommitReport } from './commit-report.ts';

/** When a set gets its next generation. */
export interface GrowthLimits {
  /** Members of a shard; a followers' shard is a chapter of the fan-out. */
  readonly membersMax: number;
  /** Heat alone makes no more shards than this: more shards than committers make every commit's group smaller. */
  readonly hotShardsMax: number;
  /** Operations waiting for a shard at the end of a commit that make it count as crowded. */
  readonly waitingMax: number;
  /** The same of a set that hot-key detection has named: so many operations per second and shard are enough. */
  readonly heatedPerSecond: number;
}

const WINDOW_MS = 2_000;
/** In one window: so many commits, which lost as many races, or so many crowded ones, are heat. */
const COMMITS_MIN = 10;
const CROWDED_MIN = 20;
/** How long the word of hot-key detection holds: it is repeated as long as the key is hot. */
const HEATED_MS = 5_000;

/**
 * Watches the commits of one set and says when it should grow: a shard is full, commits lose against those of other
 * processes, more comes than one shard takes, or a crowd is on its way: the subject is read by everybody and written
 * already.
 */
export class GrowthGauge {
  #windowStartMs = -Infinity;
  #commits = 0;
  #lost = 0;
  #crowded = 0;
  #operations = 0;
  #lastPerSecond = 0;
  #heatedUntilMs = -Infinity;

  constructor(private readonly limits: GrowthLimits) {}

  /** @param shards how many shards the newest generation, which the commit was made to, has. */
  wantsMore({ at, waiting, lost, operations }: CommitReport, shards: number, nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) this.reset(nowMs);
    this.#commits++;
    this.#lost += lost;
    this.#operations += operations;
    if (waiting >= this.limits.waitingMax) this.#crowded++;
    return at.total >= this.limits.membersMax || (shards < this.limits.hotShardsMax && this.#isHot(shards, nowMs));
  }

  /** Hot-key detection has named the set. */
  heat(nowMs: number): void {
    this.#heatedUntilMs = nowMs + HEATED_MS;
  }

  reset(nowMs: number): void {
    this.#lastPerSecond = this.#rate(nowMs);
    this.#windowStartMs = nowMs;
    this.#commits = this.#lost = this.#crowded = this.#operations = 0;
  }

  /** Operations of this process per second, lately. */
  perSecond(nowMs: number): number {
    return nowMs - this.#windowStartMs < WINDOW_MS ? this.#lastPerSecond : this.#rate(nowMs);
  }

  #rate(nowMs: number): number {
    return (1000 * this.#operations) / Math.max(1, nowMs - this.#windowStartMs);
  }

  #isHot(shards: number, nowMs: number): boolean {
    if (this.#commits >= COMMITS_MIN && this.#lost >= this.#commits) return true;
    if (this.#crowded >= CROWDED_MIN) return true;
    const enough = (this.limits.heatedPerSecond * shards * WINDOW_MS) / 1000;
    return nowMs < this.#heatedUntilMs && this.#operations >= enough;
  }
}

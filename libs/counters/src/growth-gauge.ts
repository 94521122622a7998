import type { CommitReport } from './commit-report.ts';

/** When a set gets its next generation. */
export interface GrowthLimits {
  /** Members of a shard; a followers' shard is a chapter of the fan-out. */
  readonly membersMax: number;
  /** Heat alone makes no more shards than this: more shards than committers make every commit's group smaller. */
  readonly hotShardsMax: number;
  /** Operations waiting for a shard at the end of a commit that make it count as crowded. */
  readonly waitingMax: number;
}

const WINDOW_MS = 2_000;
/** In one window: so many commits, which lost as many races, or so many crowded ones, are heat. */
const COMMITS_MIN = 10;
const CROWDED_MIN = 20;

/**
 * Watches the commits of one set and says when it should grow: a shard is full, commits lose against those of other
 * processes, or more comes than one shard takes. The figures behind it are in counters.md: one owner a shard for speed,
 * conditional writes for safety.
 */
export class GrowthGauge {
  #windowEndMs = -Infinity;
  #commits = 0;
  #lost = 0;
  #crowded = 0;

  constructor(private readonly limits: GrowthLimits) {}

  /** @param shards how many shards the newest generation, which the commit was made to, has. */
  wantsMore({ at, waiting, lost }: CommitReport, shards: number, nowMs: number): boolean {
    if (nowMs >= this.#windowEndMs) this.reset(nowMs);
    this.#commits++;
    this.#lost += lost;
    if (waiting >= this.limits.waitingMax) this.#crowded++;
    return at.total >= this.limits.membersMax || (shards < this.limits.hotShardsMax && this.#isHot);
  }

  reset(nowMs: number): void {
    this.#windowEndMs = nowMs + WINDOW_MS;
    this.#commits = this.#lost = this.#crowded = 0;
  }

  get #isHot(): boolean {
    return (this.#commits >= COMMITS_MIN && this.#lost >= this.#commits) || this.#crowded >= CROWDED_MIN;
  }
}

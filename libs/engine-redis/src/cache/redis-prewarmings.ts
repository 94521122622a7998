import { type Clock, unavailable } from '#kernel';
import type { RedisClient } from '../connection/connect-redis.ts';
import { RedisCaller } from '../connection/redis-caller.ts';

/** What is to be warm at a time: keys as text by the region of the cache, and for how long. */
export interface Prewarming {
  readonly regions: Readonly<Record<string, readonly string[]>>;
  readonly forMs: number;
}

const TIMEOUT_MS = 1_000;
const WAITING_MAX = 1_000;

/** Prewarmings ahead of their time, by which they are ordered: one sorted set, found by every process. */
export class RedisPrewarmings {
  readonly #caller: RedisCaller;

  constructor(
    private readonly redis: RedisClient,
    private readonly key: string,
    clock: Clock,
  ) {
    this.#caller = new RedisCaller('the list of prewarmings', TIMEOUT_MS, clock, redis);
  }

  /** @param atMs wall clock. Rejects with `unavailable` when it cannot be kept, or too many are. */
  async add(prewarming: Prewarming, atMs: number): Promise<void> {
    const waiting = await this.#caller.call(() => this.redis.zcard(this.key));
    if (waiting >= WAITING_MAX) throw unavailable('too many prewarmings wait for their time');
    await this.#caller.call(() => this.redis.zadd(this.key, atMs, JSON.stringify(prewarming)));
  }

  /**
   * Does what is due, and then takes it off the list: when a process dies in between, the next one does it again. Several
   * that come at once may each do it.
   */
  async work(nowMs: number, warm: (prewarming: Prewarming) => Promise<void>): Promise<void> {
    const due = await this.#caller.call(() => this.redis.zrangebyscore(this.key, 0, nowMs));
    for (const text of due) {
      await warm(JSON.parse(text) as Prewarming);
      await this.#caller.call(() => this.redis.zrem(this.key, text));
    }
  }
}

import type { Prewarming, RedisPrewarmings } from '#engine-redis';
import type { HotCache } from '#hot-cache';
import { type Clock, isAppError, Repetition } from '#kernel';
import type { Logger } from '#observability';

/** How late a timed prewarming may be. */
const EVERY_MS = 1_000;

/**
 * Warms what operators name, on all instances: at once, or at a time. What is ahead of its time is kept where all instances
 * look, so it does not matter which of them are still there when the time comes.
 */
export class Prewarms {
  readonly #looks: Repetition;

  constructor(
    private readonly list: RedisPrewarmings,
    private readonly cache: Pick<HotCache, 'prewarm'>,
    private readonly clock: Clock,
    logger: Logger,
  ) {
    this.#looks = new Repetition(
      clock,
      EVERY_MS,
      () => this.#look(),
      (err) => {
        // An outage of Redis is reported by its connections.
        if (!isAppError(err, 'unavailable')) logger.warn({ err }, 'what is to be warm could not be read');
      },
    );
  }

  start(): void {
    this.#looks.start();
  }

  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Resolves when it is done, or cannot be forgotten; rejects with `unavailable` when it cannot be kept. */
  async order(prewarming: Prewarming, inMs: number): Promise<void> {
    if (inMs > 0) await this.list.add(prewarming, this.clock.now() + inMs);
    else await this.#warm(prewarming);
  }

  #look(): Promise<void> {
    return this.list.work(this.clock.now(), (prewarming) => this.#warm(prewarming));
  }

  async #warm({ regions, forMs }: Prewarming): Promise<void> {
    await Promise.all(Object.entries(regions).map(([region, keys]) => this.cache.prewarm(region, keys, forMs)));
  }
}

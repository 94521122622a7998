import { type Clock, isAppError } from '#kernel';
import { type Vitals, VitalsBoard } from '#observability';
import type { RedisClient } from '../connection/connect-redis.ts';
import { RedisCaller } from '../connection/redis-caller.ts';

const TIMEOUT_MS = 1_000;
/** An instance that has not published for so long has gone, or its word is worth nothing. */
const FRESH_MS = 5_000;
const FORGOTTEN_MS = 60_000;

/** One hash: a field with the vitals as JSON for each instance. */
export class RedisVitalsBoard extends VitalsBoard {
  readonly #caller: RedisCaller;

  constructor(
    private readonly redis: RedisClient,
    private readonly key: string,
    private readonly clock: Clock,
  ) {
    super();
    this.#caller = new RedisCaller('the board of vitals', TIMEOUT_MS, clock, redis);
  }

  async publish(vitals: Vitals): Promise<void> {
    await this.#caller.call(() => this.redis.hset(this.key, vitals.instance, JSON.stringify(vitals)));
  }

  async list(): Promise<Vitals[]> {
    const fields = await this.#caller.call(() => this.redis.hgetall(this.key));
    const nowMs = this.clock.now();
    const all = Object.values(fields).map((text) => JSON.parse(text) as Vitals);
    const gone = all.filter(({ atMs }) => atMs < nowMs - FORGOTTEN_MS).map(({ instance }) => instance);
    if (gone.length > 0) await this.#caller.call(() => this.redis.hdel(this.key, ...gone)).catch(unlessAway);
    return all.filter(({ atMs }) => atMs >= nowMs - FRESH_MS);
  }
}

function unlessAway(error: unknown): void {
  if (!isAppError(error, 'unavailable')) throw error;
}

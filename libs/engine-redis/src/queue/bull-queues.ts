import { FlowProducer, Queue } from 'bullmq';
import { queuePrefix } from '#fanout';
import type { Clock } from '#kernel';
import type { RedisClient } from '../connection/connect-redis.ts';
import { type CallerSnapshot, RedisCaller } from '../connection/redis-caller.ts';

const TIMEOUT_MS = 2000;

/** The producer's ends of the queues, opened when they are first used, over one connection. */
export class BullQueues {
  readonly #queues = new Map<string, Queue>();
  readonly #flows = new Map<string, FlowProducer>();
  readonly #caller: RedisCaller;

  constructor(
    private readonly redis: RedisClient,
    clock: Clock,
  ) {
    this.#caller = new RedisCaller('the queue', TIMEOUT_MS, clock, redis);
  }

  queue(name: string): Queue {
    return cached(this.#queues, name, () => new Queue(name, this.#options(name)));
  }

  flow(name: string): FlowProducer {
    return cached(this.#flows, name, () => new FlowProducer(this.#options(name)));
  }

  get traffic(): CallerSnapshot {
    return this.#caller.snapshot;
  }

  /** Waits for an answer, with a deadline; failures become `unavailable`. */
  call<T>(work: () => Promise<T>): Promise<T> {
    return this.#caller.call(work);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values(), ...this.#flows.values()].map((one) => one.close()));
  }

  #options(name: string) {
    return { connection: this.redis, prefix: queuePrefix(name), skipWaitingForReady: true };
  }
}

function cached<T extends { on(event: 'error', listener: () => void): unknown }>(
  map: Map<string, T>,
  name: string,
  make: () => T,
): T {
  let one = map.get(name);
  if (!one) {
    one = make();
    one.on('error', () => undefined); // the connection's owner reports its errors
    map.set(name, one);
  }
  return one;
}

import { type Acquired, type AcquireRequest, type AcquireTerms, type Fill, SharedTier } from '#hot-cache';
import type { SharedRecord } from '#hot-cache';
import { isCluster, type RedisClient } from '../connection/connect-redis.ts';
import { type CacheCommands, defineCacheCommands } from './cache-commands.ts';
import { readRecord, writeRecord } from './cache-record.ts';
import type { NodeTags } from './node-tags.ts';

const STATES = ['fresh', 'lease', 'wait'] as const;
const EMPTY = Buffer.alloc(0);

/** An invalidation is remembered for longer than any message about the thing may be late. */
const INVALIDATION_KEPT_MS = 60_000;

export interface RedisSharedTierOptions {
  /** Put before every name. */
  readonly prefix: string;
  /** For copies on a cluster. */
  readonly tags?: NodeTags;
}

/**
 * The shared tier in Redis: one string a record, decided on by scripts. On a single Redis a batch is one command; on a
 * cluster it is one for each key, all sent at once, since keys of one script must share a slot.
 */
export class RedisSharedTier extends SharedTier {
  readonly #redis: RedisClient & CacheCommands;
  readonly #scattered: boolean;

  constructor(
    client: RedisClient,
    private readonly options: RedisSharedTierOptions,
  ) {
    super();
    this.#redis = defineCacheCommands(client);
    this.#scattered = isCluster(client);
  }

  acquire(requests: readonly AcquireRequest[], terms: AcquireTerms): Promise<Acquired[]> {
    return this.#batch(requests, async (part) => {
      const args = part.flatMap(({ floor, token, earlyOf }) => [floor, token, earlyOf]);
      const keys = part.map(({ name }) => this.#key(name));
      const reply = await this.#redis.cacheAcquireBuffer(part.length, ...keys, terms.graceMs, terms.leaseMs, ...args);
      return part.map((_, i) => ({
        state: STATES[Number(reply[3 * i])] ?? 'wait',
        record: recordIn(reply, 3 * i + 1, terms.graceMs),
      }));
    });
  }

  read(names: readonly string[], graceMs: number): Promise<(SharedRecord | undefined)[]> {
    return this.#batch(names, async (part) => {
      const reply = await this.#redis.cacheReadBuffer(part.length, ...part.map((name) => this.#key(name)));
      return part.map((_, i) => recordIn(reply, 2 * i, graceMs));
    });
  }

  fill(fills: readonly Fill[]): Promise<number[]> {
    return this.#batch(fills, (part) => {
      const keys = part.map(({ name }) => this.#key(name));
      return this.#redis.cacheFill(part.length, ...keys, ...part.flatMap(fillArguments));
    });
  }

  async release(leases: readonly { name: string; token: string }[]): Promise<void> {
    await this.#batch(leases, async (part) => {
      const keys = part.map(({ name }) => this.#key(name));
      await this.#redis.cacheRelease(part.length, ...keys, ...part.map(({ token }) => token));
      return [];
    });
  }

  invalidate(names: readonly string[]): Promise<number[]> {
    return this.#batch(names, (part) => {
      const keys = part.map((name) => this.#key(name));
      return this.#redis.cacheInvalidate(part.length, ...keys, INVALIDATION_KEPT_MS);
    });
  }

  async copy(name: string, record: SharedRecord, keepMs: number): Promise<void> {
    if (keepMs >= 1) await this.#redis.set(this.#key(name), writeRecord(record), 'PX', Math.floor(keepMs));
  }

  tags(): readonly string[] {
    return this.options.tags?.current ?? [];
  }

  #key(name: string): string {
    return this.options.prefix + name;
  }

  async #batch<In, Out>(items: readonly In[], send: (part: readonly In[]) => Promise<Out[]>): Promise<Out[]> {
    if (!this.#scattered) return send(items);
    const parts = await Promise.all(items.map((item) => send([item])));
    return parts.flat();
  }
}

function fillArguments({ condition, payload, keepMs, loadMs }: Fill): (string | number | Buffer)[] {
  const proof = condition === 'empty' ? 'E' : condition === 'always' ? 'A' : condition.token;
  return [proof, payload === undefined ? 'N' : 'V', Math.max(1, Math.floor(keepMs)), loadMs, payload ?? EMPTY];
}

/** The record whose PTTL stands at `at`, with its bytes behind it. */
function recordIn(reply: readonly (number | Buffer)[], at: number, graceMs: number): SharedRecord | undefined {
  const bytes = reply[at + 1];
  return Buffer.isBuffer(bytes) ? readRecord(bytes, Number(reply[at]), graceMs) : undefined;
}

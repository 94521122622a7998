import { type TakenGains, ViewBuffer } from '#counters';
import type { PostId } from '#ids';
import type { Clock } from '#kernel';
import type { ViewGain } from '#storage';
import type { RedisClient } from '../connection/connect-redis.ts';
import { RedisCaller } from '../connection/redis-caller.ts';
import { viewBucketKeys } from './view-bucket-keys.ts';
import { defineViewCommands, type ViewCommands } from './view-commands.ts';

const BUCKETS_KEY = 'views:buckets';
const BUCKETS_AT_FIRST = 4;

/** Readers go on without what waits: twice this is less than they wait for anything. */
const READ_TIMEOUT_MS = 300;

/** Posts in a bucket that nobody flushes: about 100 MB. */
const POSTS_MAX = 1_000_000;
/** Posts in one part of a flush. */
const PART = 1_000;

const GAIN_BYTES = 12;

/** Views in Redis hashes, one for each bucket, changed by scripts; see lua/views-*.lua for what each does. */
export class RedisViewBuffer extends ViewBuffer {
  readonly #redis: RedisClient & ViewCommands;
  readonly #caller: RedisCaller;
  readonly #reader: RedisCaller;
  #known = BUCKETS_AT_FIRST;

  constructor(redis: RedisClient, clock: Clock, timeoutMs = 1000) {
    super();
    this.#redis = defineViewCommands(redis);
    this.#caller = new RedisCaller('the view buffer', timeoutMs, clock, redis);
    this.#reader = new RedisCaller('the view buffer', Math.min(timeoutMs, READ_TIMEOUT_MS), clock, redis);
  }

  buckets(): Promise<number> {
    return this.#buckets(this.#caller);
  }

  async #buckets(caller: RedisCaller): Promise<number> {
    const buckets = await caller.call(() => this.#redis.get(BUCKETS_KEY));
    return Math.min(Number(buckets ?? BUCKETS_AT_FIRST), viewBucketKeys.length);
  }

  async growTo(buckets: number): Promise<void> {
    await this.#caller.call(() => this.#redis.viewsGrow(BUCKETS_KEY, Math.min(buckets, viewBucketKeys.length)));
  }

  async add(bucket: number, gains: readonly ViewGain[]): Promise<void> {
    await this.#caller.call(() => this.#redis.viewsAdd(keysOf(bucket).bucket, packGains(gains), POSTS_MAX));
  }

  async waiting(posts: readonly PostId[]): Promise<number[]> {
    if (posts.length === 0) return [];
    const ids = posts.map(idBytes);
    // Their number only grows, so those that were there last time are asked along with it: one round trip.
    const known = this.#known;
    const [buckets, views] = await Promise.all([this.#buckets(this.#reader), this.#waitingIn(0, known, ids)]);
    this.#known = Math.max(known, buckets);
    if (buckets > known) views.push(...(await this.#waitingIn(known, buckets, ids)));
    return posts.map((_, i) => views.reduce((sum, own) => sum + (own[i] ?? 0), 0));
  }

  #waitingIn(from: number, to: number, ids: readonly Buffer[]): Promise<number[][]> {
    const calls = viewBucketKeys
      .slice(from, to)
      .map(({ bucket, aside }) => this.#reader.call(() => this.#redis.viewsWaiting(bucket, aside, ...ids)));
    return Promise.all(calls);
  }

  async take(bucket: number): Promise<void> {
    const keys = keysOf(bucket);
    await this.#caller.call(() => this.#redis.viewsTake(keys.bucket, keys.aside, keys.flush));
  }

  /** `from` is a flush id and a cursor: the cursor of one flush means nothing in another. */
  async listTaken(bucket: number, from: string | undefined, restMs = 0): Promise<TakenGains | undefined> {
    const { aside, flush } = keysOf(bucket);
    const [flushId = '', cursor = '0'] = from?.split(' ') ?? [];
    const part = [flushId, cursor, PART, restMs] as const;
    const reply = await this.#caller.call(() => this.#redis.viewsTakenBuffer(aside, flush, ...part));
    const [id, next, ...pairs] = reply;
    if (id === undefined || next === undefined) return undefined;
    const more = next.toString() !== '0';
    return {
      flushId: BigInt(id.toString()),
      gains: readGains(pairs),
      next: more ? `${id.toString()} ${next.toString()}` : undefined,
    };
  }

  async finish(bucket: number, flushId: bigint): Promise<void> {
    const { aside, flush } = keysOf(bucket);
    await this.#caller.call(() => this.#redis.viewsFinish(aside, flush, String(flushId)));
  }
}

function keysOf(bucket: number) {
  const keys = viewBucketKeys[bucket];
  if (keys === undefined) throw new RangeError(`there is no bucket ${bucket}`);
  return keys;
}

function idBytes(post: PostId): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(post);
  return bytes;
}

function packGains(gains: readonly ViewGain[]): Buffer {
  const bytes = Buffer.allocUnsafe(GAIN_BYTES * gains.length);
  gains.forEach(({ postId, views }, i) => {
    bytes.writeBigUInt64BE(postId, GAIN_BYTES * i);
    bytes.writeUInt32BE(views, GAIN_BYTES * i + 8);
  });
  return bytes;
}

/** @param pairs posts and views in turn. */
function readGains(pairs: readonly Buffer[]): ViewGain[] {
  const gains: ViewGain[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [post, views] = [pairs[i], pairs[i + 1]];
    if (post && views) gains.push({ postId: post.readBigUInt64BE(0) as PostId, views: Number(views.toString()) });
  }
  return gains;
}

import { type BusBatch, type BusEvent, type BusPosition, PostBus } from '#fanout';
import { idOf, type PostId, type UserId } from '#ids';
import type { Clock } from '#kernel';
import type { RedisClient } from '../connection/connect-redis.ts';
import { type CallerSnapshot, RedisCaller } from '../connection/redis-caller.ts';
import { readScript } from '../connection/scripts.ts';
import { formatPosition, isBefore, parsePosition } from './bus-position.ts';

type StreamEntry = [id: string, fields: string[]];

interface BusCommands {
  busAnnounce(...args: [string, string, string, string, string, number, number]): Promise<null>;
  busRead(
    ...args: [string, string, string, string, number]
  ): Promise<[] | [string, string] | [string, string, StreamEntry[]]>;
}

// One slot for all of them, also on a cluster.
const STREAM = 'bus{posts}';
const EPOCH = 'bus{posts}:epoch';
const mark = (post: PostId) => `bus{posts}:${post}`;

/** Streams can be resumed for so long after they were up to date, and a post is known as announced after it was last told. */
const REACH_MS = 10 * 60_000;

const TIMEOUT_MS = 2000;
const BLOCK_MAX_MS = 5000;

export interface RedisPostBusOptions {
  /** For announcements and short reads. */
  readonly redis: RedisClient;
  /** A connection of its own for reads that wait. */
  readonly blocking: RedisClient;
  readonly reachMs?: number;
}

/** The post bus as a Redis stream: Redis gives the order, and the positions. */
export class RedisPostBus extends PostBus {
  readonly #redis: RedisClient & BusCommands;
  readonly #blocking: RedisClient;
  readonly #caller: RedisCaller;
  readonly #blockingCaller: RedisCaller;
  readonly #reachMs: number;

  constructor({ redis, blocking, reachMs = REACH_MS }: RedisPostBusOptions, clock: Clock) {
    super();
    redis.defineCommand('busAnnounce', readScript('bus-announce', 3));
    redis.defineCommand('busRead', readScript('bus-read', 2));
    this.#redis = redis as RedisClient & BusCommands;
    this.#blocking = blocking;
    this.#caller = new RedisCaller('the post bus', TIMEOUT_MS, clock, redis);
    this.#blockingCaller = new RedisCaller('the post bus', TIMEOUT_MS + BLOCK_MAX_MS, clock, blocking);
    this.#reachMs = reachMs;
  }

  get traffic(): CallerSnapshot {
    return this.#caller.snapshot;
  }

  async announcePost(postId: PostId, authorId: UserId): Promise<void> {
    await this.#announce('p', `${postId}:${authorId}`, mark(postId), this.#reachMs);
  }

  async announceRelations(viewer: UserId): Promise<void> {
    await this.#announce('r', String(viewer), STREAM, 0);
  }

  isBehind(a: BusPosition, b: BusPosition): boolean {
    return isBefore(parsePosition(a), parsePosition(b));
  }

  async head(): Promise<BusPosition> {
    const [epoch = '', id = ''] = await this.#caller.call(() => this.#redis.busRead(STREAM, EPOCH, '', '', 0));
    return formatPosition({ epoch, id });
  }

  async read(after: BusPosition, limit: number, waitMs: number): Promise<BusBatch | undefined> {
    const from = parsePosition(after);
    const batch = await this.#read(after, limit);
    if (!batch || batch.events.length > 0 || waitMs === 0) return batch;
    const block = Math.min(waitMs, BLOCK_MAX_MS);
    await this.#blockingCaller.call(() => this.#blocking.xread('COUNT', 1, 'BLOCK', block, 'STREAMS', STREAM, from.id));
    return this.#read(after, limit);
  }

  async #read(after: BusPosition, limit: number): Promise<BusBatch | undefined> {
    const { epoch, id } = parsePosition(after);
    const [present, , entries] = await this.#caller.call(() => this.#redis.busRead(STREAM, EPOCH, epoch, id, limit));
    if (present === undefined || !entries) return undefined;
    const events = entries.map(([entryId, [field = '', value = '']]) => ({
      position: formatPosition({ epoch, id: entryId }),
      event: decode(field, value),
    }));
    return { events, next: events.at(-1)?.position ?? after };
  }

  async #announce(field: string, value: string, name: string, rememberedMs: number): Promise<void> {
    await this.#caller.call(() =>
      this.#redis.busAnnounce(STREAM, EPOCH, name, field, value, rememberedMs, this.#reachMs),
    );
  }
}

function decode(field: string, value: string): BusEvent {
  if (field === 'r') return { kind: 'relations', viewer: idOf<UserId>(value) };
  const [post = '', author = ''] = value.split(':');
  return { kind: 'post', postId: idOf<PostId>(post), authorId: idOf<UserId>(author) };
}

import { type BusBatch, type BusEvent, type BusPosition, PostBus } from '#fanout';
import { idOf, type PostId, type UserId } from '#ids';
import type { Chance, Clock } from '#kernel';
import type { RedisClient } from '../connection/connect-redis.ts';
import { RedisCaller } from '../connection/redis-caller.ts';
import { readScript } from '../connection/scripts.ts';
import { formatPosition, isBefore, parsePosition } from './bus-position.ts';

type StreamEntry = [id: string, fields: string[]];

interface BusCommands {
  busAnnounce(...args: [string, string, string, string, string, string, number, number]): Promise<null>;
  busRead(
    ...args: [string, string, string, string, number, string, number]
  ): Promise<[] | [string, string] | [string, string, StreamEntry[]]>;
}

// One slot for all of them, also on a cluster.
const STREAM = 'bus{posts}';
const EPOCH = 'bus{posts}:epoch';
const mark = (post: PostId) => `bus{posts}:${post}`;

/** Streams can be resumed for ten minutes; a little less is promised, since trimming is approximate in one direction only. */
const KEPT_MS = 11 * 60_000;
const REACH_MS = 10 * 60_000;

const TIMEOUT_MS = 2000;
const BLOCK_MAX_MS = 5000;

export interface RedisPostBusOptions {
  /** For announcements and short reads. */
  readonly redis: RedisClient;
  /** A connection of its own for reads that wait. */
  readonly blocking: RedisClient;
}

/** The post bus as a Redis stream: Redis gives the order, and the positions. */
export class RedisPostBus extends PostBus {
  readonly #redis: RedisClient & BusCommands;
  readonly #blocking: RedisClient;
  readonly #caller: RedisCaller;
  readonly #blockingCaller: RedisCaller;
  /** Begins the stream's life, if it has none. */
  readonly #epoch: string;

  constructor({ redis, blocking }: RedisPostBusOptions, clock: Clock, chance: Chance) {
    super();
    redis.defineCommand('busAnnounce', readScript('bus-announce', 3));
    redis.defineCommand('busRead', readScript('bus-read', 2));
    this.#redis = redis as RedisClient & BusCommands;
    this.#blocking = blocking;
    this.#caller = new RedisCaller('the post bus', TIMEOUT_MS, clock);
    this.#blockingCaller = new RedisCaller('the post bus', TIMEOUT_MS + BLOCK_MAX_MS, clock);
    this.#epoch = Math.floor(chance() * 2 ** 48).toString(36);
  }

  async announcePost(postId: PostId, authorId: UserId): Promise<void> {
    await this.#announce('p', `${postId}:${authorId}`, mark(postId), KEPT_MS);
  }

  async announceRelations(viewer: UserId): Promise<void> {
    await this.#announce('r', String(viewer), STREAM, 0);
  }

  isBehind(a: BusPosition, b: BusPosition): boolean {
    return isBefore(parsePosition(a), parsePosition(b));
  }

  async head(): Promise<BusPosition> {
    const [epoch = '', id = ''] = await this.#caller.call(
      this.#redis.busRead(STREAM, EPOCH, '', '', 0, this.#epoch, REACH_MS),
    );
    return formatPosition({ epoch, id });
  }

  async read(after: BusPosition, limit: number, waitMs: number): Promise<BusBatch | undefined> {
    const from = parsePosition(after);
    const batch = await this.#read(after, limit);
    if (!batch || batch.events.length > 0 || waitMs === 0) return batch;
    const block = Math.min(waitMs, BLOCK_MAX_MS);
    await this.#blockingCaller.call(this.#blocking.xread('COUNT', 1, 'BLOCK', block, 'STREAMS', STREAM, from.id));
    return this.#read(after, limit);
  }

  async #read(after: BusPosition, limit: number): Promise<BusBatch | undefined> {
    const { epoch, id } = parsePosition(after);
    const [present, , entries] = await this.#caller.call(
      this.#redis.busRead(STREAM, EPOCH, epoch, id, limit, this.#epoch, REACH_MS),
    );
    if (present === undefined || !entries) return undefined;
    const events = entries.map(([entryId, [field = '', value = '']]) => ({
      position: formatPosition({ epoch, id: entryId }),
      event: decode(field, value),
    }));
    return { events, next: events.at(-1)?.position ?? after };
  }

  async #announce(field: string, value: string, name: string, rememberedMs: number): Promise<void> {
    const call = this.#redis.busAnnounce(STREAM, EPOCH, name, field, value, this.#epoch, rememberedMs, KEPT_MS);
    await this.#caller.call(call);
  }
}

function decode(field: string, value: string): BusEvent {
  if (field === 'r') return { kind: 'relations', viewer: idOf<UserId>(value) };
  const [post = '', author = ''] = value.split(':');
  return { kind: 'post', postId: idOf<PostId>(post), authorId: idOf<UserId>(author) };
}

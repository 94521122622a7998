import type { UserId } from '#ids';
import {
  BUILDING,
  decodeHeader,
  type DeliverySlices,
  encodeHeader,
  type Entry,
  ENTRY_BYTES,
  type InboxHeader,
  type InboxMerge,
  type InboxQuery,
  type InboxReading,
  type OlderReading,
  type InboxSize,
  InboxStore,
  HEADER_BYTES,
  type OlderSegment,
  packEntries,
  unpackEntries,
} from '#inbox';
import type { Clock } from '#kernel';
import { isCluster, type RedisClient } from '../connection/connect-redis.ts';
import { GatheredWrites } from '../connection/gathered-writes.ts';
import { type CallerSnapshot, RedisCaller } from '../connection/redis-caller.ts';
import { masterOf, mastersOf, nameOf } from '../connection/redis-nodes.ts';
import { ClusterDeliveries, type DeliveryCall } from './cluster-deliveries.ts';
import { defineInboxCommands, type InboxCommands } from './inbox-commands.ts';
import { groupByTag, idBytes, InboxKeys, tagOf } from './inbox-keys.ts';

export interface RedisInboxOptions {
  readonly size: InboxSize;
  /** An inbox that is not read for this long grows cold. */
  readonly idleMs: number;
  readonly timeoutMs?: number;
  /**
   * On a cluster: a delivery is acknowledged when a replica has it, too. Not for connections that readers share: they would
   * stand behind the waiting.
   */
  readonly replicated?: boolean;
  /** Hears of inboxes that were none (another type, or cut off) and have been dropped. */
  readonly onDropped?: (inboxes: number) => void;
}

/** Viewers written by one call: about a millisecond of Redis' time, so that readers in between are not kept waiting. */
const VIEWERS_PER_CALL = 1000;

/**
 * Redis works off all that a connection has sent before it turns to the next, so what is under way is what everybody else
 * stands behind. Measured with four calls under way and posts to ten followers beside them: p99 106 ms at 2,000 viewers,
 * 37 at 500, 27 at 250, and a tenth fewer deliveries a second. Two calls are enough to keep Redis busy: one runs while the
 * answer to the other is on its way. On a cluster viewers scatter over 256 slots, and a call should find several in each;
 * there the masters work at once, and the waiting for replicas is part of a call.
 */
const SLICES = { alone: { viewers: 250, atOnce: 2 }, cluster: { viewers: 10_000, atOnce: 6 } };

const OLDER_TTL_MS = 10 * 60_000;
const OLDER_ENTRIES_MAX = 8_000;

/** Inboxes as packed strings in Redis, written by scripts; see lua/inbox-*.lua for what each does. */
export class RedisInboxStore extends InboxStore {
  readonly slices: DeliverySlices;
  readonly #redis: RedisClient & InboxCommands;
  readonly #clustered: boolean;
  readonly #keys: InboxKeys;
  readonly #caller: RedisCaller;
  readonly #replicated: ClusterDeliveries | undefined;
  readonly #writes: GatheredWrites | undefined;

  constructor(
    redis: RedisClient,
    private readonly options: RedisInboxOptions,
    clock: Clock,
  ) {
    super();
    this.#redis = defineInboxCommands(redis);
    this.#clustered = isCluster(redis);
    this.slices = this.#clustered ? SLICES.cluster : SLICES.alone;
    this.#writes = isCluster(redis) ? undefined : new GatheredWrites(redis);
    this.#keys = new InboxKeys(this.#clustered);
    this.#caller = new RedisCaller('the inbox store', options.timeoutMs ?? 2000, clock, redis);
    this.#replicated = options.replicated && isCluster(redis) ? new ClusterDeliveries(redis, this.#caller) : undefined;
  }

  get traffic(): CallerSnapshot {
    return this.#caller.snapshot;
  }

  async deliver(entry: Entry, viewers: Buffer): Promise<number> {
    const { bytesMax, bytesKept } = this.options.size;
    const how = [packEntries([entry]), bytesMax, bytesKept] as const;
    const send = (keys: Buffer[], prefix: string, ids: Buffer) =>
      this.#redis.inboxDeliver(keys.length, ...keys, ...how, prefix, ids);
    const all = this.#replicated?.send(this.#callsByTag(viewers, how)) ?? this.#forAll(viewers, send);
    let [taken, dropped] = [0, 0];
    for (const delivered of await all) {
      taken += delivered[0];
      dropped += delivered[1];
    }
    if (dropped > 0) this.options.onDropped?.(dropped);
    return taken;
  }

  #callsByTag(viewers: Buffer, how: readonly [Buffer, number, number]): DeliveryCall[] {
    return [...groupByTag(viewers)].map(([tag, ids]) => {
      const keys = ids.map((id) => this.#keys.inbox(id));
      return { tag, args: [keys.length, ...keys, ...how, '', NO_BYTES] };
    });
  }

  async withdraw(entry: Entry, viewers: Buffer): Promise<void> {
    const id = packEntries([entry]).subarray(0, 8);
    await this.#forAll(viewers, (keys, prefix, ids) =>
      this.#redis.inboxWithdraw(keys.length, ...keys, id, prefix, ids),
    );
  }

  async read(viewer: UserId, { before, limit }: InboxQuery): Promise<InboxReading | undefined> {
    const id = idBytes(viewer);
    this.#writes?.gather();
    const [header, entries, olderHeader, older] = await this.#ask(id, () =>
      this.#redis.inboxReadBuffer(
        this.#keys.inbox(id),
        this.#keys.older(id),
        bigBytes(before),
        limit,
        this.options.idleMs,
      ),
    );
    if (header && !entries) this.options.onDropped?.(1);
    if (!header || !entries) return undefined;
    return decodeReading(
      header,
      entries,
      limit,
      olderHeader && older && decodeOlder(olderHeader, older, limit - count(entries)),
    );
  }

  async open(viewer: UserId, nonce: bigint): Promise<InboxHeader> {
    const header = encodeHeader({ floor: BUILDING, relations: nonce, epoch: nonce, covered: 0n, coveredAtMs: 0 });
    const id = idBytes(viewer);
    const open = () => this.#redis.inboxOpenBuffer(this.#keys.inbox(id), header, this.options.idleMs);
    return decodeHeader(await this.#ask(id, open));
  }

  async merge(viewer: UserId, { entries, floor, covered, coveredAtMs }: InboxMerge): Promise<boolean> {
    const { bytesMax, bytesKept } = this.options.size;
    const id = idBytes(viewer);
    const merged = await this.#ask(id, () =>
      this.#redis.inboxMerge(
        this.#keys.inbox(id),
        packEntries(entries),
        floor === undefined ? Buffer.alloc(0) : bigBytes(floor),
        bigBytes(covered),
        bigBytes(BigInt(coveredAtMs)),
        bytesMax,
        bytesKept,
      ),
    );
    return merged === 1;
  }

  async touch(viewer: UserId, nonce: bigint): Promise<bigint | undefined> {
    const id = idBytes(viewer);
    const covered = await this.#ask(id, () => this.#redis.inboxTouchBuffer(this.#keys.inbox(id), bigBytes(nonce)));
    return covered.length === 0 ? undefined : covered.readBigUInt64BE(0);
  }

  async purge(viewer: UserId, author: UserId, seen: Pick<InboxHeader, 'relations' | 'covered'>): Promise<void> {
    const id = idBytes(viewer);
    const args = [idBytes(author), bigBytes(seen.relations), bigBytes(seen.covered)] as const;
    await this.#ask(id, () => this.#redis.inboxPurge(this.#keys.inbox(id), ...args));
  }

  async extendOlder(viewer: UserId, stretch: OlderSegment, entries: readonly Entry[]): Promise<void> {
    const id = idBytes(viewer);
    await this.#ask(id, () =>
      this.#redis.olderExtend(
        this.#keys.older(id),
        encodeSegment(stretch),
        packEntries(entries),
        OLDER_TTL_MS,
        OLDER_HEADER_BYTES + OLDER_ENTRIES_MAX * ENTRY_BYTES,
      ),
    );
  }

  async drop(viewer: UserId): Promise<void> {
    const id = idBytes(viewer);
    await this.#ask(id, () => this.#redis.del(this.#keys.inbox(id), this.#keys.older(id)));
  }

  async vacuum(): Promise<number> {
    let found = 0;
    for (const node of mastersOf(this.#redis)) {
      const ask = <T>(work: () => Promise<T>) => this.#caller.call(work, this.#clustered ? nameOf(node) : '');
      for (let cursor = '0'; ;) {
        const [next, keys] = await ask(() => node.scanBuffer(cursor, 'MATCH', 'in:*', 'COUNT', 1000));
        const ttls = await ask(() => Promise.all(keys.map((key) => node.pttl(key))));
        const immortal = keys.filter((_, i) => ttls[i] === -1);
        await ask(() => Promise.all(immortal.map((key) => node.pexpire(key, this.options.idleMs))));
        found += immortal.length;
        cursor = next.toString();
        if (cursor === '0') break;
      }
    }
    return found;
  }

  async dump(viewer: UserId): Promise<{ header: InboxHeader; entries: Entry[] } | undefined> {
    const id = idBytes(viewer);
    const value = await this.#ask(id, () => this.#redis.getBuffer(this.#keys.inbox(id)));
    return value ? { header: decodeHeader(value), entries: unpackEntries(value.subarray(HEADER_BYTES)) } : undefined;
  }

  /** Calls a script for all viewers: with undeclared keys on a single Redis, by slot on a cluster. */
  #forAll<T>(viewers: Buffer, call: (keys: Buffer[], prefix: string, ids: Buffer) => Promise<T>): Promise<T[]> {
    const calls: Promise<T>[] = [];
    if (this.#clustered) {
      for (const [tag, group] of groupByTag(viewers)) {
        const keys = group.map((id) => this.#keys.inbox(id));
        calls.push(this.#caller.call(() => call(keys, '', NO_BYTES), masterOf(this.#redis, String(tag))));
      }
    } else {
      for (let at = 0; at < viewers.length; at += VIEWERS_PER_CALL * 8) {
        const ids = viewers.subarray(at, at + VIEWERS_PER_CALL * 8);
        calls.push(this.#caller.call(() => call([], InboxKeys.PREFIX, ids)));
      }
    }
    return Promise.all(calls);
  }

  /** Of the Redis that has the keys of this viewer. */
  #ask<T>(id: Buffer, work: () => Promise<T>): Promise<T> {
    return this.#caller.call(work, this.#clustered ? masterOf(this.#redis, String(tagOf(id))) : '');
  }
}

const NO_BYTES = Buffer.alloc(0);
const OLDER_HEADER_BYTES = 32;

function count(packed: Buffer): number {
  return packed.length / ENTRY_BYTES;
}

/** @param packed oldest first. */
function decodeReading(header: Buffer, packed: Buffer, limit: number, older: OlderReading | undefined): InboxReading {
  const decoded = decodeHeader(header);
  const atFloor = count(packed) < limit;
  const next = atFloor ? decoded.floor + 1n : packed.readBigUInt64BE(0);
  return { header: decoded, entries: unpackEntries(packed).reverse(), next, atFloor, older };
}

/** @param packed newest first. */
function decodeOlder(header: Buffer, packed: Buffer, limit: number): OlderReading {
  const segment = decodeSegment(header);
  const next = count(packed) < limit ? segment.low + 1n : packed.readBigUInt64BE(packed.length - ENTRY_BYTES);
  return { segment, entries: unpackEntries(packed), next };
}

function bigBytes(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function encodeSegment({ low, high, epoch, covered }: OlderSegment): Buffer {
  return Buffer.concat([low, high, epoch, covered].map(bigBytes));
}

function decodeSegment(bytes: Buffer): OlderSegment {
  const [low, high, epoch, covered] = [0, 8, 16, 24].map((at) => bytes.readBigUInt64BE(at)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return { low, high, epoch, covered };
}

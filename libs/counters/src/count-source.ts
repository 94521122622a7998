import type { CountedKind, ShardCount } from '#storage';
import { answered } from './answered.ts';
import type { Count } from './count.ts';
import type { CountedSets } from './counted-sets.ts';

/** The counts of one subject (for a post its likes, reposts and replies), and when any of them was changed last. */
export type Counts<Kind extends CountedKind> = Readonly<Record<Kind, Count>> & { readonly changedAtMs: number };

/**
 * How counts are cached: refreshed at most once a second by one reader in the whole cluster, so that the number of
 * readers does not matter. All of it together keeps what is shown younger than two seconds. Fits hot-cache's regions.
 */
export const countCacheLimits = {
  ttlMs: 1_000,
  graceMs: 300,
  localTtlMs: 300,
  localGraceMs: 100,
} as const;

/** The same for counts that are settled: see `isSettled`. */
export const settledCountLimits = { ttlMs: 10_000, localTtlMs: 1_000 } as const;

const SHARD_BYTES = 15;
const TIME_BYTES = 6;

/**
 * What a cache of counts needs: loads all kinds of counts of many subjects in one batch, and turns them into bytes. A
 * cached count knows its shards and their versions, so a reader can put in what they themselves just did:
 * `totalWith(counts.likes, likedByMe?.at)`.
 */
export class CountSource<Kind extends CountedKind> {
  readonly codec = {
    encode: (counts: Counts<Kind>): Buffer => this.#encode(counts),
    decode: (bytes: Buffer): Counts<Kind> => this.#decode(bytes),
  };

  constructor(
    private readonly sets: CountedSets,
    private readonly kinds: readonly Kind[],
  ) {}

  /** One answer for each subject, in order. */
  async load(subjects: readonly bigint[]): Promise<Counts<Kind>[]> {
    const { kinds } = this;
    const counts = await this.sets.load(subjects.flatMap((id) => kinds.map((kind) => ({ kind, id }))));
    return subjects.map((_, i) => {
      const own = counts.slice(i * kinds.length, (i + 1) * kinds.length);
      return this.#counts(Math.max(...own.map(({ changedAtMs }) => changedAtMs)), (k) => answered(own[k]).count);
    });
  }

  /**
   * When it was changed (6 bytes); for each kind the number of its shards (2) and each shard's generation (1), number (2),
   * total (6), version (6).
   */
  #encode(counts: Counts<Kind>): Buffer {
    const parts = this.kinds.map((kind) => {
      const part = Buffer.allocUnsafe(2 + SHARD_BYTES * counts[kind].length);
      part.writeUInt16BE(counts[kind].length);
      counts[kind].forEach((shard, i) => writeShard(part, 2 + SHARD_BYTES * i, shard));
      return part;
    });
    const time = Buffer.allocUnsafe(TIME_BYTES);
    time.writeUIntBE(counts.changedAtMs, 0, TIME_BYTES);
    return Buffer.concat([time, ...parts]);
  }

  #decode(bytes: Buffer): Counts<Kind> {
    let at = TIME_BYTES;
    return this.#counts(bytes.readUIntBE(0, TIME_BYTES), () => {
      const start = at + 2;
      const shards = bytes.readUInt16BE(at);
      at = start + SHARD_BYTES * shards;
      return Object.freeze(Array.from({ length: shards }, (_, i) => readShard(bytes, start + SHARD_BYTES * i)));
    });
  }

  #counts(changedAtMs: number, countOf: (position: number) => Count): Counts<Kind> {
    const entries = this.kinds.map((kind, i) => [kind, countOf(i)]);
    return Object.freeze({ ...(Object.fromEntries(entries) as Record<Kind, Count>), changedAtMs });
  }
}

function writeShard(bytes: Buffer, at: number, { generation, shard, total, version }: ShardCount): void {
  bytes[at] = generation;
  bytes.writeUInt16BE(shard, at + 1);
  bytes.writeUIntBE(total, at + 3, 6);
  bytes.writeUIntBE(version, at + 9, 6);
}

function readShard(bytes: Buffer, at: number): ShardCount {
  return Object.freeze({
    generation: bytes.readUInt8(at),
    shard: bytes.readUInt16BE(at + 1),
    total: bytes.readUIntBE(at + 3, 6),
    version: bytes.readUIntBE(at + 9, 6),
  });
}

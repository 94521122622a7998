import type { IndexSettlement } from './member-index-store.ts';

/** What a counted set counts. Subject and members: user and users · post and users (likes, reposts) · post and posts
 * (replies) · user and posts. */
export type CountedKind = 'followers' | 'likes' | 'reposts' | 'replies' | 'posts';

/** The thing whose members are counted. */
export interface CountedSubject {
  readonly kind: CountedKind;
  readonly id: bigint;
}

/** One partition of a counted set. A set starts with shard 0 of generation 0 and grows by whole generations. */
export interface Shard extends CountedSubject {
  readonly generation: number;
  readonly shard: number;
}

/** What stands above a shard's members; all zero and not sealed where nothing was ever written. */
export interface ShardHead {
  /** How many members the shard has: changes in the same write as they do. */
  readonly total: number;
  /** Grows by one with each commit. */
  readonly version: number;
  /** A sealed shard takes no new members and is never opened again; members may still leave. */
  readonly sealed: boolean;
  /** Names the last commit, chosen by who wrote it: how a committer recognises its own. */
  readonly commitId: bigint;
}

export interface ShardRead {
  readonly shard: Shard;
  readonly members: readonly bigint[];
}

export interface ShardState extends ShardHead {
  /** For each member asked for: since when it is one (an id-like time), undefined for those that are not. */
  readonly since: readonly (bigint | undefined)[];
}

export interface MemberChange {
  readonly member: bigint;
  /** Undefined: leaves. */
  readonly since: bigint | undefined;
}

/** The head that a commit leaves behind (its version is one more than before) and the members that it changes. */
export interface ShardCommit {
  readonly total: number;
  readonly sealed: boolean;
  readonly commitId: bigint;
  readonly changes: readonly MemberChange[];
  /**
   * What the members' own indexes say from then on, written in the same piece. Given only to an engine that keeps both
   * in one place, as an embedded one does; others have `MemberIndexStore` for it.
   */
  readonly rows?: readonly IndexSettlement[];
}

/** The members of a shard as they were at one version, eight big-endian bytes each, ascending. */
export interface Pack {
  readonly version: number;
  readonly ids: Buffer;
}

export interface SubjectPage {
  readonly subjects: CountedSubject[];
  /** Where to go on; undefined at the end. Opaque, the engine's own. */
  readonly next: Buffer | undefined;
}

/** Bounds that keep keys small and partitions few: 1 + 4 + 16 + ... + 4,096 shards of some 10,000 members each. */
export const GENERATIONS_MAX = 7;
export const SHARDS_MAX = 4096;

/**
 * Sets whose totals change in the same write as their members (counters.md). The unit of a write is one shard, which an
 * engine keeps in one partition: `members ((kind, subject, generation, shard), member) -> since; static total, version,
 * sealed, commit id`. Nothing is atomic across shards; who may be in which is the caller's business.
 *
 * Every method rejects with `unavailable` when the store is away or overloaded. After a `commit` that rejected, its
 * outcome is unknown until a `read` of that shard: once a read has answered, no commit begun before it takes effect
 * any more unless the answer shows it.
 */
export abstract class CountedSetStore {
  /** Heads and members of shards, one answer per question, in order; linearisable with the commits of each shard. */
  abstract read(reads: readonly ShardRead[]): Promise<ShardState[]>;

  /** Writes head and members in one piece if the shard still has version `ifVersion`; false, and nothing, if not. */
  abstract commit(shard: Shard, ifVersion: number, commit: ShardCommit): Promise<boolean>;

  /** Heads alone, in one batch: all commits that were acknowledged, or shown by a `read`, before the call are in them. */
  abstract heads(shards: readonly Shard[]): Promise<ShardHead[]>;

  /** Members of a shard above `after`, ascending, at most `limit`: eight big-endian bytes each. As fresh as `heads`. */
  abstract list(shard: Shard, after: bigint, limit: number): Promise<Buffer>;

  /** Shards per generation, oldest first; [1] for the ordinary subject, of which nothing is kept. Linearisable. */
  abstract loadLayout(subject: CountedSubject): Promise<number[]>;

  /** Appends a generation of `shards` if the layout still is `known`; false if not. A rejection leaves it unknown. */
  abstract publish(subject: CountedSubject, known: readonly number[], shards: number): Promise<boolean>;

  /** A copy kept by `putPack`, of any version. Undefined when there is none. */
  abstract findPack(shard: Shard): Promise<Pack | undefined>;

  /** Replaces the shard's pack. Packs are copies: the last writer wins, and a wrong version makes a pack useless. */
  abstract putPack(shard: Shard, pack: Pack): Promise<void>;

  /** Every subject with a shard that was ever written, some perhaps more than once, in the engine's own order. */
  abstract listSubjects(after: Buffer | undefined, limit: number): Promise<SubjectPage>;
}

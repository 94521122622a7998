/** What a member has joined: the posts a user likes, the users a user follows. */
export type IndexKind = 'likes' | 'following';

/** One partition of a member's own index. What the buckets stand for is the caller's business; 0 where there is one. */
export interface IndexPartition {
  readonly kind: IndexKind;
  readonly member: bigint;
  readonly bucket: number;
}

/** What a commit to a counted set, or a look at it, said of the member's shard. */
export interface ShardCount {
  readonly generation: number;
  readonly shard: number;
  readonly total: number;
  readonly version: number;
}

/** A membership as the counted set had it at some moment: `at.generation`, then `at.version`, order these moments. */
export interface IndexState {
  readonly joined: boolean;
  /** Since when the member is one: an id-like time. */
  readonly since: bigint;
  readonly at: ShardCount;
}

export interface IndexRow {
  readonly subject: bigint;
  /** The newest state that was settled; undefined where none was. */
  readonly state: IndexState | undefined;
  /** Marks of changes that are under way or were cut off: while there is one, only the set knows. */
  readonly pending: readonly bigint[];
}

export interface IndexMark {
  readonly partition: IndexPartition;
  readonly subject: bigint;
  /** Names the change; unique among those of the row. */
  readonly mark: bigint;
}

export interface IndexSettlement {
  readonly partition: IndexPartition;
  readonly subject: bigint;
  /** The marks that are dealt with. */
  readonly marks: readonly bigint[];
  readonly state: IndexState;
}

/** The subjects joined in one partition, ascending, with their times side by side, and the rows that are in doubt. */
export interface IndexContents {
  readonly subjects: BigUint64Array;
  readonly since: BigUint64Array;
  readonly doubtful: readonly IndexRow[];
}

/**
 * The member's side of counted sets: an index of them, never the truth. Rows `((kind, member, bucket), subject)`. A
 * change marks its row before the set is touched and settles it after; both are plain writes without reading, may be
 * repeated, and may arrive in any order: marks are a set, and of two states the newer moment stays (in Cassandra a
 * collection of marks, and a write timestamp made of the moment). A row settled as not joined, without marks, is as
 * good as none and may be dropped. Every method rejects with `unavailable` when the store is away or overloaded.
 */
export abstract class MemberIndexStore {
  /** Adds marks; durable when it resolves. */
  abstract mark(marks: readonly IndexMark[]): Promise<void>;

  /** Merges states into their rows and takes the marks away. */
  abstract settle(settlements: readonly IndexSettlement[]): Promise<void>;

  /** The rows of these subjects, in order; undefined where there is none. One read of the partition. */
  abstract findMany(partition: IndexPartition, subjects: readonly bigint[]): Promise<(IndexRow | undefined)[]>;

  /** Rows that are joined or in doubt with subjects above `after`, ascending. */
  abstract list(partition: IndexPartition, after: bigint, limit: number): Promise<IndexRow[]>;

  /** The whole partition. */
  abstract load(partition: IndexPartition): Promise<IndexContents>;
}

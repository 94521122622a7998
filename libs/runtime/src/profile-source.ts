import { type Counts, CountSource, type CountedSets, type MemberIndex, partitionOf } from '#counters';
import type { ValueCodec } from '#hot-cache';
import type { UserId } from '#ids';

/** The numbers of a profile: the counted ones by shard, and how many the user follows. */
export interface ProfileTotals extends Counts<'followers' | 'posts'> {
  readonly following: number;
}

const FOLLOWING_BYTES = 4;

/** What a cache of profiles' numbers needs. Whom a user follows is one partition of up to thousands of rows, read whole. */
export class ProfileSource {
  readonly codec: ValueCodec<ProfileTotals> = {
    encode: (totals) => this.#encode(totals),
    decode: (bytes) => this.#decode(bytes),
  };
  readonly #counts: CountSource<'followers' | 'posts'>;

  constructor(
    sets: CountedSets,
    private readonly index: MemberIndex,
  ) {
    this.#counts = new CountSource(sets, ['followers', 'posts']);
  }

  /** One answer for each user, in order. */
  async load(users: readonly UserId[]): Promise<ProfileTotals[]> {
    const [counts, followed] = await Promise.all([
      this.#counts.load(users),
      Promise.all(users.map((user) => this.index.load(partitionOf('following', user, 0n)))),
    ]);
    return counts.map((own, i) => Object.freeze({ ...own, following: followed[i]?.subjects.length ?? 0 }));
  }

  /** How many are followed (4 bytes), then the counts. */
  #encode(totals: ProfileTotals): Buffer {
    const following = Buffer.allocUnsafe(FOLLOWING_BYTES);
    following.writeUInt32BE(totals.following);
    return Buffer.concat([following, this.#counts.codec.encode(totals)]);
  }

  #decode(bytes: Buffer): ProfileTotals {
    const counts = this.#counts.codec.decode(bytes.subarray(FOLLOWING_BYTES));
    return Object.freeze({ ...counts, following: bytes.readUInt32BE() });
  }
}

import { type PostId, timeOf } from '#ids';
import type { Database } from '../database/database.ts';
import { BucketDirectory } from './bucket-directory.ts';
import { spanOfAge } from './time-buckets.ts';

/** Among how many partitions the replies of one span are shared. */
const SHARES = 8;

/** The buckets of one span of a post's age. */
export interface Span {
  readonly number: number;
  readonly buckets: number[];
}

/** Where the replies of posts lie: a function of the two ids alone, so that a repetition writes the same row. */
export class ReplyBuckets {
  readonly #directory: BucketDirectory;

  constructor(db: Database) {
    this.#directory = new BucketDirectory(db, { table: 'reply_buckets', owner: 'post_id', bucket: 'bucket' });
  }

  bucketOf(post: PostId, reply: bigint): number {
    const mixed = Number(BigInt.asUintN(32, reply ^ (reply >> 12n) ^ (reply >> 22n)));
    return this.spanOf(post, reply) * SHARES + (mixed % SHARES);
  }

  /** Replies with greater ids are in the same span or in later ones. */
  spanOf(post: PostId, reply: bigint): number {
    return spanOfAge(timeOf(reply) - timeOf(post));
  }

  note(post: PostId, bucket: number): Promise<void> {
    return this.#directory.note(post, bucket);
  }

  /** Those that there are, oldest first. */
  async loadSpans(post: PostId): Promise<Span[]> {
    const spans: Span[] = [];
    for (const bucket of await this.#directory.load(post)) {
      const number = Math.floor(bucket / SHARES);
      const last = spans.at(-1);
      if (last?.number === number) last.buckets.push(bucket);
      else spans.push({ number, buckets: [bucket] });
    }
    return spans;
  }
}

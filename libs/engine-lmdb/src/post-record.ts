import type { PostId, UserId } from '#ids';
import type { Post } from '#storage';

/**
 * A post as bytes: flags (1), author (8), replyTo (8, 0 for none), repostOf (8, 0 for none), text (UTF-8, the rest).
 */
const DELETED = 1;
const PULL = 2;
const HEAD_BYTES = 25;

export function encodePost(post: Post, deleted: boolean): Buffer {
  const record = Buffer.allocUnsafe(HEAD_BYTES + Buffer.byteLength(post.text));
  record[0] = (deleted ? DELETED : 0) | (post.delivery === 'pull' ? PULL : 0);
  record.writeBigUInt64BE(post.authorId, 1);
  record.writeBigUInt64BE(post.replyTo ?? 0n, 9);
  record.writeBigUInt64BE(post.repostOf ?? 0n, 17);
  record.write(post.text, HEAD_BYTES);
  return record;
}

export function isDeleted(record: Buffer): boolean {
  return ((record[0] ?? 0) & DELETED) !== 0;
}

export function decodePost(id: PostId, record: Buffer): Post {
  return {
    id,
    authorId: record.readBigUInt64BE(1) as UserId,
    text: record.toString('utf8', HEAD_BYTES),
    replyTo: optionalId(record.readBigUInt64BE(9)),
    repostOf: optionalId(record.readBigUInt64BE(17)),
    delivery: (record[0] ?? 0) & PULL ? 'pull' : 'push',
  };
}

function optionalId(value: bigint): PostId | undefined {
  return value === 0n ? undefined : (value as PostId);
}

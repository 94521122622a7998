import type { PostId, UserId } from '#ids';

/** A post in a feed, by reference: all that the rules need before the post itself is read. */
export interface Entry {
  readonly postId: PostId;
  readonly authorId: UserId;
}

/** Bytes of a packed entry: post id, author id, both big-endian. */
export const ENTRY_BYTES = 16;

/** Packs entries one after another, in the order given. */
export function packEntries(entries: readonly Entry[]): Buffer {
  const bytes = Buffer.allocUnsafe(entries.length * ENTRY_BYTES);
  let at = 0;
  for (const { postId, authorId } of entries) {
    bytes.writeBigUInt64BE(postId, at);
    bytes.writeBigUInt64BE(authorId, at + 8);
    at += ENTRY_BYTES;
  }
  return bytes;
}

/** Reads packed entries; those without an author have been withdrawn and are left out. */
export function unpackEntries(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length); // several times faster than Buffer's own
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const authorId = view.getBigUint64(at + 8);
    if (authorId !== 0n) entries.push({ postId: view.getBigUint64(at) as PostId, authorId: authorId as UserId });
  }
  return entries;
}

import type { CountedKind, CountedSubject, Shard } from '#storage';

/** Stored as one byte: the order is part of the format. */
const KINDS: readonly CountedKind[] = ['followers', 'likes', 'reposts', 'replies', 'posts'];

const SUBJECT_BYTES = 9;
export const SHARD_BYTES = SUBJECT_BYTES + 3;
const MEMBER_BYTES = SHARD_BYTES + 8;

/** Kind (1 byte), subject (8): the key of what concerns a set as a whole. */
export function subjectKey(subject: CountedSubject): Buffer {
  return writeSubject(Buffer.allocUnsafe(SUBJECT_BYTES), subject);
}

/** Kind, subject, generation (1), shard (2). */
export function shardKey(shard: Shard): Buffer {
  return writeShard(Buffer.allocUnsafe(SHARD_BYTES), shard);
}

/** Kind, subject, generation, shard, member (8): a shard's members lie side by side, ascending. */
export function memberKey(shard: Shard, member: bigint): Buffer {
  const key = writeShard(Buffer.allocUnsafe(MEMBER_BYTES), shard);
  key.writeBigUInt64BE(member, SHARD_BYTES);
  return key;
}

/** The subject that a key starts with. */
export function subjectIn(key: Buffer): CountedSubject {
  const kind = KINDS[key[0] ?? KINDS.length];
  if (kind === undefined) throw new Error('unknown kind in the counted sets: written by a newer version?');
  return { kind, id: key.readBigUInt64BE(1) };
}

/** The greatest key that a shard of this subject can have. */
export function lastShardKey(subject: CountedSubject): Buffer {
  return writeShard(Buffer.allocUnsafe(SHARD_BYTES), { ...subject, generation: 0xff, shard: 0xffff });
}

function writeShard(key: Buffer, shard: Shard): Buffer {
  writeSubject(key, shard);
  key[SUBJECT_BYTES] = shard.generation;
  key.writeUInt16BE(shard.shard, SUBJECT_BYTES + 1);
  return key;
}

function writeSubject(key: Buffer, subject: CountedSubject): Buffer {
  key[0] = KINDS.indexOf(subject.kind);
  key.writeBigUInt64BE(subject.id, 1);
  return key;
}

import type { UserId } from '#ids';

/** Inboxes of one tag share a slot, so that one call can write many of them. */
export const INBOX_TAGS = 256;

/**
 * Names of a viewer's keys. On a single Redis the name is a prefix and the id's eight bytes, which a script can build by
 * itself; on a cluster a hash tag puts an inbox and its older segment into one of 256 slots.
 */
export class InboxKeys {
  constructor(private readonly clustered: boolean) {}

  /** What `inbox-deliver` puts before an id on a single Redis. */
  static readonly PREFIX = 'in:';

  inbox(id: Buffer): Buffer {
    return Buffer.concat([this.clustered ? Buffer.from(`in:{${tagOf(id)}}:`) : SINGLE_INBOX, id]);
  }

  older(id: Buffer): Buffer {
    return Buffer.concat([this.clustered ? Buffer.from(`ol:{${tagOf(id)}}:`) : SINGLE_OLDER, id]);
  }
}

const SINGLE_INBOX = Buffer.from(InboxKeys.PREFIX);
const SINGLE_OLDER = Buffer.from('ol:');

export function idBytes(id: UserId): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(id);
  return bytes;
}

/** Mixes all eight bytes: the low ones of an id are a sequence number and mostly zero. */
export function tagOf(id: Buffer): number {
  let hash = 0x811c9dc5;
  for (const byte of id) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % INBOX_TAGS;
}

/** Splits packed ids by tag, keeping their order. */
export function groupByTag(ids: Buffer): Map<number, Buffer[]> {
  const groups = new Map<number, Buffer[]>();
  for (let at = 0; at < ids.length; at += 8) {
    const id = ids.subarray(at, at + 8);
    const tag = tagOf(id);
    const group = groups.get(tag);
    if (group) group.push(id);
    else groups.set(tag, [id]);
  }
  return groups;
}

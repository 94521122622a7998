/**
 * What an inbox says about itself, in front of its entries:
 *
 * | bytes | field | meaning |
 * |---|---|---|
 * | 0-7 | floor | the inbox is complete for the posts with greater ids; 0: complete to the beginning |
 * | 8-15 | relations | changes whenever the viewer's relations do: cached relations are good while it stays |
 * | 16-23 | epoch | changes when a post arrives whose place is below the floor: older segments made before miss it |
 * | 24-31 | covered | fingerprint of the follows that have been merged in |
 * | 32-39 | before first | the floor again (0 while building): what an empty inbox has for the id of its last entry |
 * | 40-47 | coveredAt | when that was: milliseconds since the Unix epoch |
 */
export interface InboxHeader {
  readonly floor: bigint;
  readonly relations: bigint;
  readonly epoch: bigint;
  readonly covered: bigint;
  readonly coveredAtMs: number;
}

export const HEADER_BYTES = 48;

/** The floor of an inbox that is being built: complete for nothing yet. */
export const BUILDING = 0xffff_ffff_ffff_ffffn;

export function encodeHeader(header: InboxHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeBigUInt64BE(header.floor, 0);
  bytes.writeBigUInt64BE(header.relations, 8);
  bytes.writeBigUInt64BE(header.epoch, 16);
  bytes.writeBigUInt64BE(header.covered, 24);
  bytes.writeBigUInt64BE(BigInt(header.coveredAtMs), 40);
  return bytes;
}

export function decodeHeader(bytes: Buffer): InboxHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    floor: view.getBigUint64(0),
    relations: view.getBigUint64(8),
    epoch: view.getBigUint64(16),
    covered: view.getBigUint64(24),
    coveredAtMs: Number(view.getBigUint64(40)),
  };
}

/**
 * How long a viewer's relations may be used under one version of the header. It bounds what is lost when the version
 * could not be written: whoever changes relations and cannot say so in the header waits for as long.
 */
export const RELATIONS_TTL_MS = 1000;

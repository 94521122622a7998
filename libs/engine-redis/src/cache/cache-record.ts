import type { SharedRecord } from '#hot-cache';

const VERSION_AT = 1;
const EPOCH_AT = 9;
const LOAD_MS_AT = 17;
const TOKEN_AT = 25;
const PAYLOAD_AT = 49;
const NO_TOKEN = '-'.repeat(16);
const ABSENT = 'N'.charCodeAt(0);

/** Reads what the cache scripts store (see cache-acquire.n.lua); undefined for the empty text that stands for no value. */
export function readRecord(record: Buffer, ttlMs: number, graceMs: number): SharedRecord | undefined {
  if (record.length === 0) return undefined;
  const absent = record[0] === ABSENT;
  return {
    payload: absent ? undefined : record.subarray(PAYLOAD_AT),
    version: record.readDoubleBE(VERSION_AT),
    epoch: record.readDoubleBE(EPOCH_AT),
    loadMs: record.readDoubleBE(LOAD_MS_AT),
    freshMs: absent ? ttlMs : ttlMs - graceMs,
  };
}

/** The same record for another name: nobody leases a copy. */
export function writeRecord({ payload, version, epoch, loadMs }: SharedRecord): Buffer {
  const header = Buffer.alloc(PAYLOAD_AT);
  header.write(payload === undefined ? 'N' : 'V', 0, 'latin1');
  header.writeDoubleBE(version, VERSION_AT);
  header.writeDoubleBE(epoch, EPOCH_AT);
  header.writeDoubleBE(loadMs, LOAD_MS_AT);
  header.write(NO_TOKEN, TOKEN_AT, 'latin1');
  return payload === undefined ? header : Buffer.concat([header, payload]);
}

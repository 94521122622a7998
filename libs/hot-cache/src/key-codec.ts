import type { AnyId } from '#ids';

/** What a region's keys may be: values that a `Map` compares by content. */
export type CacheKey = bigint | string;

/** How a key is spelled outside the process (in the shared tier, on the bus, on the operators' page), and read back. */
export interface KeyCodec<K extends CacheKey> {
  readonly write: (key: K) => string;
  readonly read: (text: string) => K;
}

export const textKeys: KeyCodec<string> = { write: (key) => key, read: (text) => text };

/** Keys that are ids of the application: decimal, as everywhere. */
export function idKeys<Id extends AnyId>(): KeyCodec<Id> {
  return { write: String, read: (text) => BigInt(text) as Id };
}

import type { Brand } from '#kernel';

/** Ids are positive 63-bit integers: they fit a signed 64-bit column and eight bytes. */
export type UserId = Brand<bigint, 'UserId'>;
export type PostId = Brand<bigint, 'PostId'>;
export type AnyId = UserId | PostId;

export const ID_BYTES = 8;
export const ID_MAX = 0x7fff_ffff_ffff_ffffn;

/** Where a reading starts that goes down from the newest, and where one ends that goes up to it; no id itself. */
export const ABOVE_ALL_IDS = ID_MAX + 1n;

/** The id that a decimal string without sign or leading zero stands for; undefined for everything else. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says which id it expects
export function parseId<Id extends AnyId>(text: string): Id | undefined {
  if (text.length > 19 || !/^[1-9][0-9]*$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= ID_MAX ? (value as Id) : undefined;
}

/** The id in a value that the program wrote itself; throws where it holds none. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says which id it expects
export function idOf<Id extends AnyId>(value: string | bigint): Id {
  const id = typeof value === 'bigint' ? value : parseId<Id>(value);
  if (id === undefined || id <= 0n || id > ID_MAX) throw new RangeError('not an id');
  return id as Id;
}

/** Newest first. */
export function byIdDescending(a: bigint, b: bigint): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

/** Oldest first. */
export function byIdAscending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

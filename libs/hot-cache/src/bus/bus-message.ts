/** One process's share of a region's hot keys in its last window: `[key, reads per second (lower bound)]`. */
export type HeatRow = readonly [key: string, readsPerSecond: number];

/** `c`: its sender waits until it is confirmed. `u`: the shared tier has not heard of it; the versions are floors. */
export interface VoidBody {
  readonly t: 'void';
  readonly r: string;
  readonly k: readonly string[];
  readonly v: readonly number[];
  readonly c?: true;
  readonly u?: true;
}

export type BusBody =
  | { readonly t: 'beat'; readonly n: number }
  | VoidBody
  /** Invalidation `n` of origin `to` was heard. */
  | { readonly t: 'heard'; readonly to: string; readonly n: number }
  | { readonly t: 'warm'; readonly r: string; readonly k: readonly string[]; readonly ms: number }
  /** `n`: reads of all keys per second; absent in the middle of a window. */
  | { readonly t: 'heat'; readonly r: string; readonly h: readonly HeatRow[]; readonly n?: number }
  | { readonly t: 'bye' };

/**
 * What goes over the bus, as JSON: origin, the number of the origin's last invalidation (its own, where it is one), body;
 * `p`: there are invalidations that its origin could tell neither the shared tier nor the others.
 * Only invalidations are numbered, so that everything else also tells which of them should have been heard by now.
 */
export type BusMessage = BusBody & { readonly o: string; readonly s: number; readonly p?: true };

export function writeMessage(origin: string, sequence: number, body: BusBody, owes: boolean): string {
  return JSON.stringify({ o: origin, s: sequence, ...body, ...(owes && { p: true }) });
}

/** Undefined for what is no message of this kind: another release's, or noise on the channel. */
export function readMessage(text: string): BusMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isMessage(message) ? message : undefined;
}

function isMessage(value: unknown): value is BusMessage {
  if (typeof value !== 'object' || value === null) return false;
  const message = value as Record<string, unknown>;
  if (typeof message.o !== 'string' || !Number.isSafeInteger(message.s)) return false;
  switch (message.t) {
    case 'beat':
      return Number.isSafeInteger(message.n);
    case 'void':
      return isText(message.r) && isList(message.k, isText) && isList(message.v, Number.isSafeInteger);
    case 'heard':
      return isText(message.to) && Number.isSafeInteger(message.n);
    case 'warm':
      return isText(message.r) && isList(message.k, isText) && Number.isFinite(message.ms);
    case 'heat':
      return (
        isText(message.r) && isList(message.h, isHeatRow) && (message.n === undefined || Number.isFinite(message.n))
      );
    default:
      return message.t === 'bye';
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isHeatRow(value: unknown): value is HeatRow {
  return Array.isArray(value) && isText(value[0]) && Number.isFinite(value[1]);
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

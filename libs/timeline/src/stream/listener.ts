import type { BusPosition } from '#fanout';
import type { EventSink } from './event-sink.ts';

/** One connection of one viewer. */
export interface Listener {
  readonly sink: EventSink;
  /** Events up to here it has, or does not want. Undefined while it reads by itself what it missed. */
  since: BusPosition | undefined;
}

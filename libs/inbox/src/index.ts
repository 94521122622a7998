export { type Entry, ENTRY_BYTES, packEntries, unpackEntries } from './entry.ts';
export {
  BUILDING,
  decodeHeader,
  encodeHeader,
  HEADER_BYTES,
  type InboxHeader,
  RELATIONS_TTL_MS,
} from './inbox-header.ts';
export { type InboxSize, inboxSize } from './inbox-size.ts';
export { InboxStore } from './inbox-store.ts';
export type {
  DeliverySlices,
  InboxMerge,
  InboxQuery,
  InboxReading,
  OlderReading,
  OlderSegment,
} from './inbox-store.ts';

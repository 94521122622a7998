import type { InboxReading } from '#inbox';
import type { Relations } from '../relations/relations.ts';
import type { OlderScan } from './older-scan.ts';
import type { Scan, ScanStep } from './scan.ts';
import { openOlder, type WarmScanStores } from './warm-scan.ts';

/** A page that begins below the inbox: the older segment holds all authors, so nothing needs to be merged. */
export class BelowScan implements Scan {
  readonly state = 'complete';
  readonly heads = undefined;
  readonly #older: OlderScan;

  constructor(
    stores: WarmScanStores,
    readonly relations: Relations,
    reading: InboxReading,
    before: bigint,
  ) {
    this.#older = openOlder(stores, relations, reading, before);
  }

  take(count: number): Promise<ScanStep> {
    return this.#older.take(count);
  }
}

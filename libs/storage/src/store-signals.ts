/** What one table of a node did since the look before. */
export interface StoreTableSignal {
  readonly table: string;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  /** Within the node, by its own count, of the last minutes. */
  readonly readP99Ms: number;
  readonly writeP99Ms: number;
}

/** What one node of the store says of itself. */
export interface StoreNodeSignal {
  readonly node: string;
  /** Reads and writes of our tables that the node carried out, as replicas do: one request counts on each of them. */
  readonly requestsPerSecond: number;
  /** The busiest tables, busiest first. */
  readonly tables: readonly StoreTableSignal[];
}

/** The store's load from its own side, for operators. */
export abstract class StoreSignals {
  /** One for each node that answers; none where the store is a part of this process. Rates are those since the call before. */
  abstract sample(): Promise<StoreNodeSignal[]>;
}

/** Whether the store answers. */
export abstract class StoreHealth {
  /** Resolves when a trivial read came back; rejects with `unavailable` otherwise. */
  abstract ping(): Promise<void>;
}

/**
 * Carries short texts from every process to every process, the sender included. Lossy: messages may be lost, delayed,
 * doubled or reordered, and the cache finds out by itself. Order in which one sender's messages were accepted should be
 * kept where that is cheap.
 */
export abstract class InvalidationBus {
  /** Resolves when the message is accepted; rejects where it may not have been. Never hangs for long. */
  abstract publish(message: string): Promise<void>;

  /** Hands every message to `listen`, from some moment soon after it resolves until the function it gives is called. */
  abstract subscribe(listen: (message: string) => void): Promise<() => Promise<void>>;
}

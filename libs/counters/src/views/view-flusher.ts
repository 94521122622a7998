import { type Clock, Repetition } from '#kernel';
import type { ViewStore } from '#storage';
import type { ViewBuffer } from './view-buffer.ts';

export interface ViewFlusherOptions {
  readonly buffer: ViewBuffer;
  readonly store: ViewStore;
  readonly clock: Clock;
  /** How often a bucket is folded, however many flushers there are: what waits in it is lost with its node. */
  readonly intervalMs?: number;
  /** Told when a round fails; `unavailable` when the buffer or the store was away. Nothing is lost by it. */
  readonly onError?: (error: unknown) => void;
}

/** Rounds are not quite as far apart as their interval says. */
const RESTED = 0.8;

/**
 * Folds the buckets into the store. A round finishes the flush that a round before began, then sets aside what has come
 * since: what the store takes in was set aside an interval ago, so a replica that takes over the buffer's node in
 * between knows it too. Any number of flushers may run, and die anywhere: the store takes each flush id once, and a bucket
 * that one has just set aside is left alone by the others.
 */
export class ViewFlusher {
  readonly #buffer: ViewBuffer;
  readonly #store: ViewStore;
  readonly #rounds: Repetition;

  constructor({ buffer, store, clock, intervalMs = 5000, onError = () => undefined }: ViewFlusherOptions) {
    this.#buffer = buffer;
    this.#store = store;
    this.#rounds = new Repetition(clock, intervalMs, () => this.flush(RESTED * intervalMs), onError);
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /**
   * One round over all buckets, but for what was set aside less than `restMs` ago. Rejects with `unavailable` when the buffer
   * or the store is away: nothing is lost.
   */
  async flush(restMs = 0): Promise<void> {
    const buckets = await this.#buffer.buckets();
    for (let bucket = 0; bucket < buckets; bucket++) {
      await this.#finish(bucket, restMs);
      await this.#buffer.take(bucket);
    }
  }

  async #finish(bucket: number, restMs: number): Promise<void> {
    let from: string | undefined;
    do {
      const part = await this.#buffer.listTaken(bucket, from, restMs);
      if (part === undefined) return;
      await this.#store.apply(bucket, part.flushId, part.gains);
      from = part.next;
      if (from === undefined) await this.#buffer.finish(bucket, part.flushId);
    } while (from !== undefined);
  }
}

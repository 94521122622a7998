import type { PostId } from '#ids';
import { isAppError } from '#kernel';
import type { ViewStore } from '#storage';
import type { ViewBuffer } from './view-buffer.ts';

/** Approximate numbers may be some seconds old: they are asked for with every post shown. */
export const viewCacheLimits = {
  ttlMs: 3_000,
  graceMs: 1_000,
  localTtlMs: 1_000,
  localGraceMs: 300,
} as const;

/** Approximate view counts: what the store has, and what waits for it. */
export class ViewCounts {
  constructor(
    private readonly store: ViewStore,
    private readonly buffer: ViewBuffer,
  ) {}

  /** One batch to each; without what waits when the buffer is away. A flush in between may show twice for a moment. */
  async totals(posts: readonly PostId[]): Promise<number[]> {
    const [stored, waiting] = await Promise.all([this.store.totals(posts), this.#waiting(posts)]);
    return stored.map((views, i) => views + (waiting[i] ?? 0));
  }

  async #waiting(posts: readonly PostId[]): Promise<number[]> {
    try {
      return await this.buffer.waiting(posts);
    } catch (error) {
      if (isAppError(error, 'unavailable')) return [];
      throw error;
    }
  }
}

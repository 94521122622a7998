import { type Clock, isAppError, unavailable, withDeadline } from '#kernel';

/**
 * The one way to wait for Redis: whatever goes wrong becomes `unavailable`, and so does an answer that does not come.
 * (ioredis leaves promises unsettled when a node dies at the wrong moment; without a deadline of our own they would hold
 * their callers for ever.)
 */
export class RedisCaller {
  constructor(
    private readonly what: string,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {}

  async call<T>(work: Promise<T>): Promise<T> {
    try {
      return await withDeadline(work, this.timeoutMs, this.what, this.clock);
    } catch (error) {
      if (isAppError(error)) throw error;
      throw unavailable(`${this.what} cannot be reached`, { cause: error });
    }
  }
}

import { BREAKER_STATES, type BreakerState, CircuitBreaker } from '#hot-cache';
import { type Clock, isAppError, unavailable, withDeadline } from '#kernel';
import { type RedisClient } from './connect-redis.ts';
import { ping } from './redis-nodes.ts';

/** Every call so far, and how the breakers stand: the worst of them, where there is one for each node. */
export interface CallerSnapshot {
  readonly state: BreakerState;
  readonly answered: number;
  readonly failed: number;
  /** Not made, because Redis was silent. */
  readonly refused: number;
}

/** After so many calls in a row that got no answer in their time; asked by PING every half second from then on. */
const BREAKER = { windowMs: 5_000, callsMin: 20, failureRatio: 0.5, failuresInRow: 3, openMs: 500, probes: 1 };

/** Processes may ask together: it is one PING each. */
const UNSPREAD = () => 0.5;

/**
 * The one way to wait for Redis: whatever goes wrong becomes `unavailable`, and so does an answer that does not come.
 * (ioredis leaves promises unsettled when a node dies at the wrong moment; without a deadline of our own they would hold
 * their callers for ever.)
 *
 * A Redis that is silent, as when it is frozen, is not waited for by everybody who comes: after some calls nobody is let
 * through, until it answers a PING. No caller is the one who finds out. What fails at once needs no such help, and is
 * let through.
 */
export class RedisCaller {
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #counts = { answered: 0, failed: 0, refused: 0 };

  constructor(
    private readonly what: string,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
    private readonly redis: RedisClient,
  ) {}

  /** @param node the one that is asked, where it is known (`masterOf`): each has a breaker of its own. */
  async call<T>(work: () => Promise<T>, node = ''): Promise<T> {
    const breaker = this.#breaker(node);
    if (breaker.state !== 'closed') throw this.#refuse(breaker, node);
    const permit = breaker.enter();
    const startMs = this.clock.elapsed();
    try {
      const answer = await withDeadline(work(), this.timeoutMs, this.what, this.clock);
      this.#counts.answered++;
      breaker.leave(permit, true);
      return answer;
    } catch (error) {
      this.#counts.failed++;
      if (this.clock.elapsed() - startMs >= this.timeoutMs) breaker.leave(permit, false);
      if (isAppError(error)) throw error;
      throw unavailable(`${this.what} cannot be reached`, { cause: error });
    }
  }

  get snapshot(): CallerSnapshot {
    const states = [...this.#breakers.values()].map(({ state }) => BREAKER_STATES.indexOf(state));
    return { state: BREAKER_STATES[Math.max(0, ...states)] ?? 'closed', ...this.#counts };
  }

  #refuse(breaker: CircuitBreaker, node: string): Error {
    this.#counts.refused++;
    const permit = breaker.enter();
    if (permit !== 0) {
      const answer = withDeadline(ping(this.redis, node), this.timeoutMs, this.what, this.clock);
      answer.then(
        () => breaker.leave(permit, true),
        () => breaker.leave(permit, false),
      );
    }
    return unavailable(`${this.what} does not answer`, { retryAfterMs: Math.max(1_000, breaker.retryAfterMs) });
  }

  #breaker(node: string): CircuitBreaker {
    let breaker = this.#breakers.get(node);
    if (breaker === undefined) {
      breaker = new CircuitBreaker(this.clock, UNSPREAD, BREAKER);
      this.#breakers.set(node, breaker);
    }
    return breaker;
  }
}

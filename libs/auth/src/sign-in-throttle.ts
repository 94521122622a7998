import { AppError, type Clock } from '#kernel';
import { Throttle, type ThrottleRate } from './throttle.ts';

const MINUTE_MS = 60_000;
/** An address may be many people behind one router. */
const PER_ADDRESS: ThrottleRate = { burst: 100, periodMs: 15 * MINUTE_MS };
const PER_ADDRESS_AND_HANDLE: ThrottleRate = { burst: 10, periodMs: 15 * MINUTE_MS };
const KEYS_MAX = 50_000;

/**
 * Limits failed sign-ins per client address, and per address and handle; never per handle alone, which would let
 * anybody lock its owner out. Knows nothing of which handles exist, so its answers tell nothing of that either.
 */
export class SignInThrottle {
  readonly #byAddress: Throttle;
  readonly #byAddressAndHandle: Throttle;

  constructor(clock: Clock) {
    this.#byAddress = new Throttle(PER_ADDRESS, KEYS_MAX, clock);
    this.#byAddressAndHandle = new Throttle(PER_ADDRESS_AND_HANDLE, KEYS_MAX, clock);
  }

  /**
   * To be called before the password is looked at, so that parallel attempts count as well.
   * @throws AppError `rate_limited`.
   */
  begin(address: string, handle: string): void {
    refuseFor(this.#byAddressAndHandle.take(pair(address, handle)));
    const waitMs = this.#byAddress.take(address);
    if (waitMs > 0) this.#byAddressAndHandle.giveBack(pair(address, handle));
    refuseFor(waitMs);
  }

  /** What `begin` counted was no wrong guess after all. */
  forgive(address: string, handle: string): void {
    this.#byAddress.giveBack(address);
    this.#byAddressAndHandle.giveBack(pair(address, handle));
  }
}

const pair = (address: string, handle: string): string => `${address} ${handle}`;

function refuseFor(waitMs: number): void {
  if (waitMs > 0) throw new AppError('rate_limited', 'too many failed sign-ins from here', { retryAfterMs: waitMs });
}

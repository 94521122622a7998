import type { Chance } from '#kernel';
import { ttlOf, type ValueLimits } from '../region-options.ts';
import type { Techniques } from '../techniques.ts';
import { earlyRefreshAtMs } from './early-refresh.ts';
import { Entry } from './entry.ts';

/** Up to a fifth: what was stored together does not expire together. */
const JITTER = 0.2;

/** A value as it comes from below, with what is needed to say how long it lives in L1. */
export interface Fetched<V> {
  readonly value: V | undefined;
  readonly version: number;
  /** Whether the tier that tells of invalidations stands behind it. */
  readonly confirmed: boolean;
  /** How long the shared record stays fresh. */
  readonly freshMs: number;
  /** What a refresh of it takes; 0 where nobody has loaded it yet. */
  readonly loadMs: number;
}

/** How L1 lives: beside a shared tier for seconds, alone for as long as the value itself; always jittered upwards. */
export class Lifetime<V> {
  readonly #tier: 'ttlMs' | 'localTtlMs';
  readonly #graceMs: number;

  constructor(
    private readonly limits: ValueLimits<V>,
    private readonly techniques: Techniques,
    /** Of entries whose invalidation nobody would tell. */
    private readonly distrustTtlMs: number,
    /** Whether there is a shared tier. */
    private readonly shared: boolean,
    private readonly chance: Chance,
  ) {
    this.#tier = shared ? 'localTtlMs' : 'ttlMs';
    this.#graceMs = !techniques.staleWhileRevalidate ? 0 : shared ? limits.localGraceMs : limits.graceMs;
  }

  /** The longest that an entry is served without a look at the tiers below. */
  get maxMs(): number {
    const { [this.#tier]: ttlMs, settled } = this.limits;
    return Math.max(ttlMs, settled?.[this.#tier] ?? 0) * (1 + JITTER) + this.#graceMs;
  }

  /**
   * @param trusted whether an invalidation of it would be heard of.
   * @param early whether it shall be refreshed before it has aged: once for each version is enough.
   */
  entry(fetched: Fetched<V>, generation: number, trusted: boolean, early: boolean, nowMs: number): Entry<V> {
    const { value, version } = fetched;
    if (value === undefined || !trusted) {
      const ttlMs = value === undefined ? this.#negativeTtlMs(trusted) : this.distrustTtlMs;
      return new Entry(value, version, generation, nowMs + ttlMs / 2, nowMs + ttlMs, false);
    }
    const localMs = ttlOf(value, this.#tier, this.limits);
    const agedAtMs = nowMs + localMs * (1 + JITTER * this.chance());
    const earlyAtMs = early ? this.#earlyAtMs(fetched, localMs, nowMs) : Infinity;
    const refreshAtMs = Math.min(agedAtMs, earlyAtMs);
    return new Entry(value, version, generation, refreshAtMs, agedAtMs + this.#graceMs, earlyAtMs < agedAtMs);
  }

  #negativeTtlMs(trusted: boolean): number {
    const { negativeTtlMs, localTtlMs } = this.limits;
    return Math.min(negativeTtlMs, this.shared ? localTtlMs : Infinity, trusted ? Infinity : this.distrustTtlMs);
  }

  #earlyAtMs({ value, freshMs, loadMs }: Fetched<V>, localMs: number, nowMs: number): number {
    if (!this.techniques.earlyRefresh) return Infinity;
    const leftMs = this.shared ? freshMs : localMs;
    if (leftMs <= 0) return Infinity;
    const life = { expiresAtMs: nowMs + leftMs, ttlMs: ttlOf(value, 'ttlMs', this.limits), loadMs };
    return earlyRefreshAtMs(life, this.limits.earliness, this.chance);
  }
}

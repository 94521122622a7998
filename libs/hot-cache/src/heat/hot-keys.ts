import type { Clock } from '#kernel';
import type { HeatRow } from '../bus/bus-message.ts';
import type { CacheKey, KeyCodec } from '../key-codec.ts';
import { type Episode, HeatHistory } from './heat-history.ts';
import { HeatMerge } from './heat-merge.ts';
import type { HeatOptions } from './heat-options.ts';
import { HotKey } from './hot-key.ts';
import { SpaceSaving } from './space-saving.ts';

/** What follows from a key's becoming hot or not. */
export interface HeatEffects<K extends CacheKey> {
  promote(key: K): void;
  demote(key: K): void;
  /** Tells the other instances; `total` is undefined in the middle of a window. */
  report(rows: readonly HeatRow[], total?: number): void;
}

export interface HeatSettings<K extends CacheKey> {
  readonly origin: string;
  readonly keys: KeyCodec<K>;
  readonly heat: HeatOptions;
  /** How many processes share the reads. */
  readonly instances: () => number;
}

/**
 * Finds a region's hot keys: counts reads in windows of a second, adds up what all instances saw, and decides with
 * hysteresis. A key that reaches the threshold in the middle of a window does not wait for its end. (Detection in
 * windows with central merge: JD's hotkey; here merged by every instance for itself, from the same reports.)
 */
export class HotKeys<K extends CacheKey> {
  readonly #counts: SpaceSaving<K>;
  readonly #merge: HeatMerge;
  readonly #history: HeatHistory;
  readonly #hot = new Map<K, HotKey<K>>();
  readonly #promoteAt: number;
  #burstAt = 1;
  #burstsLeft = 0;

  constructor(
    private readonly settings: HeatSettings<K>,
    private readonly effects: HeatEffects<K>,
    private readonly clock: Clock,
  ) {
    const { keysCounted, windowMs, historyMs, promotePerSecond } = settings.heat;
    this.#counts = new SpaceSaving(keysCounted);
    this.#merge = new HeatMerge(windowMs);
    this.#history = new HeatHistory(historyMs);
    this.#promoteAt = Math.ceil((promotePerSecond * windowMs) / 1000);
    this.#shareOut();
  }

  /** To be called for every read: 100 to 200 ns. */
  record(key: K): void {
    const atLeast = this.#counts.add(key);
    if (atLeast % this.#burstAt === 0 || atLeast === this.#promoteAt) this.#burst(key, atLeast);
  }

  find(key: K): HotKey<K> | undefined {
    return this.#hot.size === 0 ? undefined : this.#hot.get(key);
  }

  /** The window is over. */
  turn(): void {
    const { keysReported, windowMs } = this.settings.heat;
    const perSecond = 1000 / windowMs;
    const top = this.#counts.top(keysReported).filter(({ atLeast }) => atLeast > 1);
    const rows = top.map(({ key, atLeast }) => [this.settings.keys.write(key), atLeast * perSecond] as const);
    const total = this.#counts.total * perSecond;
    for (const { key, atLeast } of top) {
      const hot = this.#hot.get(key);
      if (hot !== undefined) hot.reads += atLeast;
    }
    this.#counts.clear();
    this.#shareOut();
    this.#merge.hear(this.settings.origin, total, rows, this.clock.elapsed());
    if (total > 0) this.effects.report(rows, total);
    this.#decide(true);
  }

  /** Another instance's report; without a total, that of one key in the middle of a window. */
  hear(origin: string, rows: readonly HeatRow[], total?: number): void {
    const nowMs = this.clock.elapsed();
    if (total !== undefined) this.#merge.hear(origin, total, rows, nowMs);
    else for (const row of rows) this.#merge.hearBurst(origin, row, nowMs);
    this.#decide(false);
  }

  /** Makes the key hot for a while, whatever its rate; unless all the room for hot keys is taken by others announced so. */
  pin(key: K, forMs: number): void {
    const untilMs = this.clock.elapsed() + forMs;
    const hot = this.#hot.get(key);
    if (hot !== undefined) hot.pinnedUntilMs = Math.max(hot.pinnedUntilMs, untilMs);
    else if (this.#hasRoom(Infinity)) this.#promote(new HotKey(key, this.clock.now(), untilMs));
  }

  get list(): HotKey<K>[] {
    return [...this.#hot.values()].sort((a, b) => b.readsPerSecond - a.readsPerSecond);
  }

  /** Keys that are not hot, most read first, as [text, reads per second]: what is about to be, or what is asked for most. */
  busiest(n: number): HeatRow[] {
    const hot = new Set(Array.from(this.#hot.keys(), (key) => this.settings.keys.write(key)));
    const rates = [...this.#merge.rates(this.clock.elapsed())].filter(([text]) => !hot.has(text));
    return rates.sort((a, b) => b[1] - a[1]).slice(0, n);
  }

  get history(): Episode[] {
    return this.#history.list(this.clock.now());
  }

  /** Reads of all keys per second, on all instances. */
  get totalPerSecond(): number {
    return this.#merge.total;
  }

  byOrigin(text: string): Record<string, number> {
    return this.#merge.byOrigin(text);
  }

  /** In the middle of a window, a key is worth mentioning when it has reached this process's share of the threshold. */
  #shareOut(): void {
    this.#burstAt = Math.max(2, Math.ceil(this.#promoteAt / this.settings.instances()));
    this.#burstsLeft = this.settings.heat.keysReported;
  }

  /** Told at once, twice, four times the share, and at the threshold: seldom enough to cost nothing. */
  #burst(key: K, atLeast: number): void {
    const shares = atLeast / this.#burstAt;
    const doubled = Number.isInteger(shares) && (shares & (shares - 1)) === 0;
    if (this.#burstsLeft === 0 || !(doubled || atLeast === this.#promoteAt)) return;
    this.#burstsLeft--;
    const row = [this.settings.keys.write(key), (atLeast * 1000) / this.settings.heat.windowMs] as const;
    this.#merge.hearBurst(this.settings.origin, row, this.clock.elapsed());
    if (this.#hot.has(key)) return;
    this.effects.report([row]);
    this.#decide(false);
  }

  #decide(windowOver: boolean): void {
    const rates = this.#merge.rates(this.clock.elapsed());
    if (windowOver) this.#cool(rates);
    const { promotePerSecond, hotKeysMax } = this.settings.heat;
    const rising = [...rates].filter(([, rate]) => rate >= promotePerSecond).sort((a, b) => b[1] - a[1]);
    for (const [text, rate] of rising.slice(0, hotKeysMax)) this.#warm(this.settings.keys.read(text), rate);
  }

  #warm(key: K, rate: number): void {
    let hot = this.#hot.get(key);
    if (hot === undefined) {
      if (!this.#hasRoom(rate)) return;
      hot = new HotKey(key, this.clock.now());
      hot.heat(rate);
      this.#promote(hot);
    }
    hot.heat(rate);
    hot.copies = 1 + Math.floor(rate / this.settings.heat.readsPerCopy);
  }

  /** Where all places are taken, the coolest makes room, if it is cooler than that. */
  #hasRoom(rate: number): boolean {
    if (this.#hot.size < this.settings.heat.hotKeysMax) return true;
    const coolest = this.list.findLast((hot) => hot.pinnedUntilMs <= this.clock.elapsed());
    if (coolest === undefined || coolest.readsPerSecond >= rate) return false;
    this.#demote(coolest);
    return true;
  }

  #cool(rates: ReadonlyMap<string, number>): void {
    const { demotePerSecond, coolWindows } = this.settings.heat;
    for (const hot of this.#hot.values()) {
      const rate = rates.get(this.settings.keys.write(hot.key)) ?? 0;
      hot.heat(rate);
      hot.coolFor = rate < demotePerSecond ? hot.coolFor + 1 : 0;
      if (hot.coolFor >= coolWindows && hot.pinnedUntilMs <= this.clock.elapsed()) this.#demote(hot);
    }
  }

  #promote(hot: HotKey<K>): void {
    this.#hot.set(hot.key, hot);
    this.effects.promote(hot.key);
  }

  #demote({ key, sinceMs, peakPerSecond }: HotKey<K>): void {
    this.#hot.delete(key);
    this.#history.add({ key: this.settings.keys.write(key), sinceMs, untilMs: this.clock.now(), peakPerSecond });
    this.effects.demote(key);
  }
}

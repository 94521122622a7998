import { type Clock, pause, withDeadline } from '#kernel';
import type { CacheTiming } from '../timing.ts';
import type { Trust } from '../trust.ts';
import { type BusBody, type BusMessage, readMessage, type VoidBody, writeMessage } from './bus-message.ts';
import { Confirmations } from './confirmations.ts';
import type { InvalidationBus } from './invalidation-bus.ts';
import { OriginWatch } from './origin-watch.ts';
import { Standing } from './standing.ts';
import { type TierNews, TierWatch } from './tier-watch.ts';

export interface BusCounters {
  sent: number;
  sendFailures: number;
  received: number;
  garbled: number;
  gaps: number;
  silences: number;
}

/** Own beats that may be on their way at once. */
const BEATS_REMEMBERED = 100;

/**
 * A process not heard of for this many silences is taken for dead. Until then there is no trust; it costs L2 reads while a
 * crashed process is mourned, and covers one that lives and is not heard.
 */
const SILENCES_TO_DEATH = 10;

/**
 * This process's end of the bus. Invalidations are numbered by origin and every process says regularly that it is there,
 * so that each hears what it missed: a gap drops what L1 holds, silence (of itself too: that is how long the bus takes)
 * withdraws trust until the bus is whole again. A lossy channel is good enough as long as loss is noticed.
 *
 * Where the shared tier was away together with the bus, somebody may have invalidated and told nobody. The tier is back as it
 * was, and is not believed before all have said on the bus that they owe it nothing.
 */
export class BusLink {
  readonly counters: BusCounters = { sent: 0, sendFailures: 0, received: 0, garbled: 0, gaps: 0, silences: 0 };
  readonly #origins = new Map<string, OriginWatch>();
  readonly #confirmations: Confirmations;
  readonly #standing: Standing;
  readonly #tier: TierWatch;
  readonly #beatsSentAtMs = new Map<number, number>();
  #lastOwnBeatAtMs: number | undefined;
  /** From here on all the others have been heard of at least once. */
  #introducedAtMs: number | undefined;
  #startedAtMs = 0;
  #sequence = 0;
  #beats = 0;
  #running = false;
  #subscribing = false;
  #cancelBeat: (() => void) | undefined;
  #cancelGap: (() => void) | undefined;
  #unsubscribe: (() => Promise<void>) | undefined;

  constructor(
    private readonly bus: InvalidationBus,
    private readonly trust: Trust,
    private readonly hear: (message: BusMessage) => void,
    private readonly clock: Clock,
    private readonly options: { origin: string; timing: CacheTiming; tier: TierNews },
  ) {
    this.#confirmations = new Confirmations(clock);
    this.#standing = new Standing(options.timing);
    this.#tier = new TierWatch(options.tier, options.timing);
    trust.lose(); // Until it is known to work, the bus does not.
  }

  /** Resolves when it listens, or when that takes too long: it then goes on trying, without trust meanwhile. */
  async start(): Promise<void> {
    this.#running = true;
    this.#startedAtMs = this.clock.elapsed();
    await withDeadline(this.#subscribe(), this.options.timing.tierTimeoutMs, 'the bus', this.clock).catch(
      () => undefined,
    );
    this.#beat();
  }

  /** Leaves no timer and no listener behind. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#standing.end();
    this.#cancelBeat?.();
    this.#cancelGap?.();
    await this.send({ t: 'bye' });
    await this.#unsubscribe?.();
  }

  /** True when the bus accepted it. If not, the number that is used up will show as a gap: nobody misses it unnoticed. */
  async send(body: BusBody): Promise<boolean> {
    if (body.t === 'void') this.#sequence++;
    const message = writeMessage(this.options.origin, this.#sequence, body, this.options.tier.owes);
    this.counters.sent++;
    try {
      await withDeadline(this.bus.publish(message), this.options.timing.tierTimeoutMs, 'the bus', this.clock);
      return true;
    } catch {
      this.counters.sendFailures++;
      return false;
    }
  }

  /**
   * As `send`, but resolves when every other process has heard of it, or after `atMostMs`; then, too, where it was not accepted
   * and no other is known: they may only be out of reach.
   */
  async sendConfirmed(body: VoidBody, atMostMs: number): Promise<boolean> {
    const isAlone = this.others === 0;
    const confirmed = this.#confirmations.wait(this.#sequence + 1, this.#origins.keys(), atMostMs);
    const accepted = await this.send({ ...body, c: true });
    await confirmed;
    if (!accepted && isAlone) await pause(atMostMs, this.clock);
    return accepted;
  }

  /**
   * Whether every process that has good standing at any moment from now on has heard of it, told within `atMostMs`: all of
   * them have confirmed. False says nothing.
   */
  async sendToGood(body: VoidBody, atMostMs: number): Promise<boolean> {
    const confirmed = this.hasGoodStanding && this.#confirmations.wait(this.#sequence + 1, this.#maybeGood(), atMostMs);
    void this.send({ ...body, c: true });
    return confirmed;
  }

  #maybeGood(): string[] {
    const nowMs = this.clock.elapsed();
    const good = [...this.#origins].filter(([, { heardAtMs }]) => this.#standing.mayBeGood(heardAtMs, nowMs));
    return good.map(([origin]) => origin);
  }

  /** See Standing. */
  get hasGoodStanding(): boolean {
    return this.#standing.isGood(this.clock.elapsed());
  }

  /** How many other processes are on the bus. */
  get others(): number {
    return this.#origins.size;
  }

  async #subscribe(): Promise<void> {
    this.#subscribing = true;
    try {
      const unsubscribe = await this.bus.subscribe((text) => this.#receive(text));
      if (this.#running) this.#unsubscribe = unsubscribe;
      else await unsubscribe();
    } catch {
      this.#subscribing = false; // The next beat tries again.
    }
  }

  #beat(): void {
    if (!this.#running) return;
    if (!this.#subscribing) void this.#subscribe();
    this.#beats++;
    this.#beatsSentAtMs.set(this.#beats, this.clock.elapsed());
    this.#beatsSentAtMs.delete(this.#beats - BEATS_REMEMBERED);
    void this.send({ t: 'beat', n: this.#beats });
    this.#tier.look(this.#silentForMs, this.clock.elapsed());
    this.#judge();
    this.#cancelBeat = this.clock.after(this.options.timing.heartbeatMs, () => this.#beat());
  }

  #receive(text: string): void {
    if (!this.#running) return;
    const message = readMessage(text);
    if (message === undefined) {
      this.counters.garbled++;
      return;
    }
    this.counters.received++;
    if (message.o === this.options.origin) this.#hearSelf(message);
    else {
      this.#hearOther(message);
      this.#passOn(message);
    }
    this.#judge();
  }

  /** A key that can't be read was written by another release, or by nobody. */
  #passOn(message: BusMessage): void {
    try {
      this.hear(message);
      if (message.t === 'void' && message.c) void this.send({ t: 'heard', to: message.o, n: message.s });
      if (message.t === 'heard' && message.to === this.options.origin) this.#confirmations.hear(message.o, message.n);
    } catch {
      this.counters.garbled++;
    }
  }

  /** What was sent before this beat has been through the bus: that is how old its news can be. */
  #hearSelf(message: BusMessage): void {
    if (message.t !== 'beat') return;
    const sentAtMs = this.#beatsSentAtMs.get(message.n);
    if (sentAtMs !== undefined) {
      this.#lastOwnBeatAtMs = Math.max(this.#lastOwnBeatAtMs ?? 0, sentAtMs);
      this.#standing.heardSelf(sentAtMs, this.clock.elapsed());
    }
    this.#introducedAtMs ??= this.clock.elapsed() + this.options.timing.heartbeatMs + this.options.timing.silenceMs;
    for (const n of this.#beatsSentAtMs.keys()) if (n <= message.n) this.#beatsSentAtMs.delete(n);
  }

  #hearOther(message: BusMessage): void {
    const watch = this.#origins.get(message.o);
    if (watch === undefined) {
      this.#meet(message);
      return;
    }
    const gap = watch.hear(message, this.clock.elapsed());
    if (message.t === 'bye') {
      this.#forget(message.o);
      if (gap) this.#missed();
    } else if (gap) this.#expectGapToClose();
  }

  #meet(message: BusMessage): void {
    if (message.t === 'bye') return;
    this.#origins.set(message.o, new OriginWatch(message, this.clock.elapsed()));
    if (message.s > 0) this.#missed(); // It has invalidated before, who knows what.
  }

  #forget(origin: string): void {
    this.#origins.delete(origin);
    this.#confirmations.gone(origin);
  }

  #expectGapToClose(): void {
    this.#cancelGap ??= this.clock.after(this.options.timing.reorderMs, () => {
      this.#cancelGap = undefined;
      const gaps = [...this.#origins.values()].filter((watch) => watch.gap);
      for (const watch of gaps) watch.forgive();
      if (gaps.length > 0) this.#missed();
    });
  }

  /** Whoever invalidates does so in the shared tier before the bus: what is read from now on has it. So a flush is enough. */
  #missed(): void {
    this.counters.gaps++;
    this.trust.flush();
  }

  #judge(): void {
    const nowMs = this.clock.elapsed();
    const untilMs = this.#trustedUntilMs(nowMs);
    const owed = this.#isOwed();
    if (owed || this.#tier.isAway(this.#silentForMs, nowMs)) this.trust.deafen();
    if (nowMs < (this.#introducedAtMs ?? Infinity)) return;
    if (nowMs < untilMs && !owed) this.trust.renew(untilMs);
    else {
      if (this.trust.whole) this.counters.silences++;
      this.trust.lose();
    }
  }

  #isOwed(): boolean {
    for (const { owes } of this.#origins.values()) if (owes) return true;
    return false;
  }

  get #silentForMs(): number {
    return this.clock.elapsed() - (this.#lastOwnBeatAtMs ?? this.#startedAtMs);
  }

  #trustedUntilMs(nowMs: number): number {
    const { heartbeatMs, silenceMs } = this.options.timing;
    let untilMs = (this.#lastOwnBeatAtMs ?? -Infinity) + silenceMs;
    for (const [origin, watch] of this.#origins) {
      if (nowMs >= watch.heardAtMs + SILENCES_TO_DEATH * silenceMs) {
        this.#forget(origin);
        this.#missed();
      } else untilMs = Math.min(untilMs, watch.heardAtMs + heartbeatMs + silenceMs);
    }
    return untilMs;
  }
}

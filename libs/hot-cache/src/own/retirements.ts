import { type Clock, pause } from '#kernel';
import type { BusLink } from '../bus/bus-link.ts';

export interface RetirementLinks {
  readonly clock: Clock;
  /** Whether there are other processes. */
  readonly shared: boolean;
  /** Undefined where they do not tell each other. */
  readonly bus: BusLink | undefined;
}

/** How long any process serves what it has kept, counted from before it was read; and that beside timers that fire early. */
const KEPT_MS = 1_000;
const OUTLIVED_MS = KEPT_MS + 20;
/** Changes that come closer together share a message: of a crowd that likes everybody hears 200 times a second, not thousands. */
const APART_MS = 5;

/** Among several processes: tells all that something must not be served any more, and knows when none does. */
export class Retirements {
  static readonly keptMs = KEPT_MS;
  #gathering: { readonly texts: string[]; readonly told: Promise<boolean> } | undefined;
  #sentAtMs = -Infinity;

  constructor(
    private readonly region: string,
    private readonly links: RetirementLinks,
  ) {}

  /** Whether those of others wait until this process has heard of them. */
  get wouldReachUs(): boolean {
    const { shared, bus } = this.links;
    return !shared || bus?.hasGoodStanding === true;
  }

  /** Resolves when every other process has confirmed, or serves nothing any more that it has kept until now. */
  async tell(texts: readonly string[]): Promise<void> {
    const { clock } = this.links;
    const outlivedMs = clock.elapsed() + OUTLIVED_MS;
    if (await this.#tellAll(texts)) return;
    await pause(outlivedMs - clock.elapsed(), clock);
  }

  /** The first one after a pause goes at once. */
  #tellAll(texts: readonly string[]): Promise<boolean> {
    const waitMs = this.#sentAtMs + APART_MS - this.links.clock.elapsed();
    if (this.#gathering === undefined && waitMs <= 0) return this.#send(texts);
    this.#gathering ??= this.#gather(waitMs);
    this.#gathering.texts.push(...texts);
    return this.#gathering.told;
  }

  #gather(waitMs: number) {
    const texts: string[] = [];
    const told = new Promise<boolean>((resolve) => {
      this.links.clock.after(waitMs, () => {
        this.#gathering = undefined;
        resolve(this.#send(texts));
      });
    });
    return { texts, told };
  }

  async #send(texts: readonly string[]): Promise<boolean> {
    const { clock, bus } = this.links;
    this.#sentAtMs = clock.elapsed();
    return (await bus?.sendToGood({ t: 'void', r: this.region, k: texts, v: [] }, KEPT_MS)) ?? false;
  }
}

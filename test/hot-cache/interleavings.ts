import fc from 'fast-check';
import { seededChance } from '#test';
import type { Chance } from '#kernel';
import { CacheWorld, type WorldOptions } from './cache-world.ts';

export const INSTANCES = 3;

/**
 * L1 keeps values for so long that nothing but invalidations, and finding out about those that were lost, can keep it fresh;
 * and the bound is short beside that: 370 ms against 10 s.
 */
const OPTIONS: WorldOptions = {
  instances: INSTANCES,
  region: { localTtlMs: 10_000, localGraceMs: 1_000, ttlMs: 60_000, lastKnownMs: 0 },
  timing: {
    tierTimeoutMs: 20,
    loadTimeoutMs: 100,
    leaseMs: 100,
    flightTimeoutMs: 200,
    heartbeatMs: 50,
    silenceMs: 150,
    reorderMs: 20,
    distrustTtlMs: 50,
  },
};

const KEYS = ['a', 'b'];

/** One thing that happens; between two of them the world may run on for a while. */
export type Step =
  | { readonly do: 'read' | 'write' | 'forget'; readonly by: number; readonly key: string }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'loading'; readonly ms: number }
  | { readonly do: 'tier'; readonly by: number; readonly mode: 'fine' | 'slow' | 'down' | 'hung' }
  | { readonly do: 'bus'; readonly by: number; readonly mode: 'fine' | 'cut' | 'lossy' | 'late' | 'twice' };

const by = fc.nat(INSTANCES - 1);
const key = fc.constantFrom('a', 'a', 'a', 'b');
const ms = fc.oneof(fc.nat(12), fc.nat(12), fc.nat(100), fc.integer({ min: 250, max: 600 }));
const common = [
  { weight: 14, arbitrary: fc.record({ do: fc.constant('read' as const), by, key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), by, key }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), by, key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('loading' as const), ms: fc.nat(150) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('bus' as const),
      by,
      mode: fc.constantFrom('fine' as const, 'cut' as const, 'lossy' as const, 'late' as const, 'twice' as const),
    }),
  },
];
const failures = {
  weight: 3,
  arbitrary: fc.record({
    do: fc.constant('tier' as const),
    by,
    mode: fc.constantFrom('fine' as const, 'slow' as const, 'down' as const, 'hung' as const),
  }),
};

/** Everything but the shared tier's failures. */
const length = { minLength: 5, maxLength: 60, size: 'max' } as const;
export const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(...common), length);
export const stepsWithFailures: fc.Arbitrary<Step[]> = fc.array(fc.oneof(...common, failures), length);

interface Write {
  readonly n: number;
  readonly by: number;
  /** When its invalidation returned true. */
  ackedAtMs: number;
}

/** What readers were told, held against what was true. */
export interface Findings {
  tooStale: string[];
  backwards: string[];
  errors: string[];
  wrongInTheEnd: string[];
  /** Keys loaded, and the most that the cycles begun can explain. */
  keysLoaded: number;
  loadsExplained: number;
  greatestStalenessMs: number;
}

/** Carries out the steps on a simulated world and judges every read. */
export async function carryOut(plan: readonly Step[], seed: number): Promise<Findings> {
  const run = await Run.open(seed);
  await run.step({ do: 'pass', ms: 300 }); // until the bus is whole
  for (const step of plan) await run.step(step);
  return run.finish();
}

class Run {
  readonly #writes = new Map<string, Write[]>(KEYS.map((name) => [name, []]));
  readonly #held = new Map<string, number>();
  readonly #pending: Promise<void>[] = [];
  readonly #findings: Findings = {
    tooStale: [],
    backwards: [],
    errors: [],
    wrongInTheEnd: [],
    keysLoaded: 0,
    loadsExplained: KEYS.length,
    greatestStalenessMs: 0,
  };
  #loadingMs = 40;

  private constructor(
    private readonly world: CacheWorld,
    private readonly chance: Chance,
  ) {}

  static async open(seed: number): Promise<Run> {
    const world = await CacheWorld.open(OPTIONS);
    for (const name of KEYS) world.store.set(name, { text: '0' });
    const run = new Run(world, seededChance(seed));
    world.tier.way = () => run.#wait(run.chance() * 3);
    world.loading = () => run.#wait(run.#loadingMs * run.chance());
    return run;
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'pass') return this.world.clock.advance(step.ms);
    if (step.do === 'loading') this.#loadingMs = step.ms;
    if (step.do === 'read') this.#pending.push(this.#read(step.key, step.by));
    if (step.do === 'write') this.#pending.push(this.#write(step.key, step.by));
    if (step.do === 'forget') this.#forget(step.key);
    if (step.do === 'bus') this.#setBus(step.by, step.mode);
    if (step.do === 'tier') this.#setTier(step.by, step.mode);
  }

  /** Heals everything, waits until the dust has settled, and asks every instance once more. */
  async finish(): Promise<Findings> {
    for (let i = 0; i < INSTANCES; i++) {
      this.#setBus(i, 'fine');
      this.#setTier(i, 'fine');
    }
    this.#loadingMs = 0;
    await this.world.drive(Promise.all(this.#pending));
    await this.world.clock.advance(1_500);
    for (const name of KEYS) {
      const last = this.#writes.get(name)!.at(-1)?.n ?? 0;
      const values = await this.world.readAll(name);
      for (const value of values)
        if (value !== String(last)) this.#findings.wrongInTheEnd.push(`${value}, not ${last}`);
    }
    this.#findings.keysLoaded = this.world.loads.flat().length;
    this.#findings.loadsExplained += this.#leasesLost();
    await this.world.close();
    await this.world.clock.advance(2_000);
    if (this.world.clock.timers > 0) this.#findings.errors.push('a timer is left');
    return this.#findings;
  }

  async #read(name: string, by: number): Promise<void> {
    const startedMs = this.world.clock.elapsed();
    try {
      const n = Number(await this.world.read(name, by));
      this.#judge(name, n, by, startedMs);
      this.#peek(name, by);
    } catch (error) {
      this.#findings.errors.push(String(error));
    }
  }

  /**
   * What L1 holds never goes back. (A value on its way may be ahead of it: read from the store before the invalidation of
   * the change has reached the shared tier, it is handed to those who asked, and not kept.)
   */
  #peek(name: string, by: number): void {
    const held = this.world.regions[by]!.peek(name);
    if (!held) return;
    const [place, n] = [`${name}@${by}`, Number(held.text)];
    const last = this.#held.get(place) ?? 0;
    if (n < last) this.#findings.backwards.push(`${name}: ${last}, then ${n}`);
    this.#held.set(place, n);
  }

  /** The process that invalidated must see its own change at once, the others within the bound. */
  #judge(name: string, n: number, by: number, startedMs: number): void {
    for (const write of this.#writes.get(name)!) {
      if (write.n <= n || write.ackedAtMs > startedMs) continue;
      const stalenessMs = startedMs - write.ackedAtMs;
      this.#findings.greatestStalenessMs = Math.max(this.#findings.greatestStalenessMs, stalenessMs);
      const boundMs = write.by === by ? -1 : this.world.caches[0]!.stalenessBoundMs;
      if (stalenessMs > boundMs) this.#findings.tooStale.push(`${name}: ${n} was ${stalenessMs} ms old`);
    }
  }

  async #write(name: string, by: number): Promise<void> {
    const history = this.#writes.get(name)!;
    const write: Write = { n: history.length + 1, by, ackedAtMs: Infinity };
    history.push(write);
    this.#findings.loadsExplained += 2; // what was on its way before it, and what comes after it
    if (await this.world.write(name, String(write.n), by)) write.ackedAtMs = this.world.clock.elapsed();
  }

  #forget(name: string): void {
    this.world.tier.held.delete(`things:${name}`);
    this.#findings.loadsExplained += 2;
  }

  /** A load that took longer than its lease lets another begin. */
  #leasesLost(): number {
    return this.world.regions.reduce((sum, { counters }) => sum + counters.loadFailures + counters.fillsRefused, 0);
  }

  #setBus(by: number, mode: string): void {
    this.#busModes[by] = mode;
    this.world.bus.route = (deliver, _message, to) => this.#route(deliver, to, this.#busModes[to] ?? 'fine');
    this.#lateMs = this.chance() * 400;
  }
  readonly #busModes: string[] = [];
  readonly #queue = new Queue();
  #lateMs = 0;

  #route(deliver: () => void, to: number, mode: string): void {
    if (mode === 'cut' || (mode === 'lossy' && this.chance() < 0.5)) return;
    const lateMs = this.#queue.delayMs(to, this.world.clock.elapsed(), mode === 'late' ? this.#lateMs : 0);
    void this.world.clock.after(lateMs + this.chance() * 15, deliver);
    if (mode === 'twice') void this.world.clock.after(lateMs + this.chance() * 100, deliver);
  }

  #setTier(by: number, mode: string): void {
    this.#tierModes[by] = mode;
    this.world.tier.way = (caller) => {
      const now = this.#tierModes[caller] ?? 'fine';
      if (now === 'down') return Promise.reject(new Error('down'));
      if (now === 'hung') return new Promise(() => undefined);
      return this.#wait(this.chance() * (now === 'slow' ? 30 : 3));
    };
  }
  readonly #tierModes: string[] = [];

  #wait(forMs: number): Promise<void> {
    return new Promise((resume) => void this.world.clock.after(forMs, resume));
  }
}

/** What is late holds up what comes behind it, as on one connection. */
class Queue {
  readonly #lastAtMs: number[] = [];

  delayMs(to: number, nowMs: number, lateMs: number): number {
    const atMs = Math.max(this.#lastAtMs[to] ?? 0, nowMs + lateMs);
    this.#lastAtMs[to] = atMs;
    return atMs - nowMs;
  }
}

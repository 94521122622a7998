import { HotCache, type HotCacheOptions, jsonCodec, type Region, type RegionOptions, textKeys } from '#hot-cache';
import { seededChance, settle } from '#test';
import { SimulatedBus } from './simulated-bus.ts';
import { SteppingClock } from './stepping-clock.ts';
import { SimulatedServer, SimulatedTier } from './simulated-tier.ts';

export interface Thing {
  readonly text: string;
}

export type Things = Region<string, Thing>;

export interface WorldOptions extends Pick<HotCacheOptions, 'techniques' | 'timing' | 'heat'> {
  readonly instances?: number;
  readonly region?: Partial<RegionOptions<string, Thing>>;
  /** Without the shared tier each instance is alone. */
  readonly shared?: boolean;
}

/** Several processes with one store, one shared tier and one bus, all simulated, on one clock. */
export class CacheWorld {
  readonly clock = new SteppingClock();
  readonly tier = new SimulatedServer(this.clock);
  readonly bus = new SimulatedBus();
  readonly store = new Map<string, Thing>();
  readonly caches: HotCache[] = [];
  readonly regions: Things[] = [];
  /** The keys of every load so far. */
  readonly loads: (readonly string[])[] = [];
  /** What a load waits for after it has read the store. */
  loading: (keys: readonly string[]) => Promise<void> = () => Promise.resolve();

  static async open(options: WorldOptions = {}): Promise<CacheWorld> {
    const world = new CacheWorld(options);
    for (let i = 0; i < (options.instances ?? 1); i++) await world.join();
    await world.clock.advance(0);
    return world;
  }

  private constructor(private readonly options: WorldOptions) {}

  /** One process more. */
  async join(): Promise<void> {
    const { instances: _, region, shared = true, ...options } = this.options;
    const i = this.caches.length;
    const links = shared ? { tier: new SimulatedTier(this.tier, i), bus: this.bus.end() } : {};
    const chance = seededChance(i + 1);
    const cache = new HotCache({ clock: this.clock, chance, origin: `instance-${i}`, ...links, ...options });
    this.caches.push(cache);
    this.regions.push(cache.region({ ...this.#regionOptions(), ...region }));
    await cache.start();
  }

  /** Changes the thing as the application would: commit, then invalidate by some instance. */
  async write(key: string, text: string | undefined, by = 0): Promise<boolean> {
    if (text === undefined) this.store.delete(key);
    else this.store.set(key, { text });
    return this.regions[by]!.invalidate([key]);
  }

  async read(key: string, by = 0): Promise<string | undefined> {
    return (await this.regions[by]!.get(key))?.text;
  }

  /** Lets time pass until the work is done. */
  async drive<T>(work: Promise<T>): Promise<T> {
    const progress = { done: false };
    const watched = work.finally(() => (progress.done = true));
    watched.catch(() => undefined);
    await settle();
    for (let steps = 0; !progress.done && steps < 100_000; steps++) await this.clock.next();
    return watched;
  }

  readAll(key: string): Promise<(string | undefined)[]> {
    return this.drive(Promise.all(this.regions.map((_, by) => this.read(key, by))));
  }

  async close(): Promise<void> {
    await Promise.all(this.caches.map((cache) => cache.stop()));
  }

  /** Closes; rejects when something is left of it, however much later. */
  async end(): Promise<void> {
    await this.close();
    await this.clock.advance(120_000);
    const { timers } = this.clock;
    const { listeners } = this.bus;
    if (timers + listeners > 0) throw new Error(`${timers} timers and ${listeners} listeners of the caches are left`);
  }

  #regionOptions(): RegionOptions<string, Thing> {
    const load = async (keys: readonly string[]) => {
      this.loads.push(keys);
      const values = keys.map((key) => this.store.get(key));
      await this.loading(keys);
      return values.map((value) => value && { ...value });
    };
    return { name: 'things', keys: textKeys, codec: jsonCodec<Thing>(), load };
  }
}

/** Something to wait for that a test opens by hand. */
export function gate(): { readonly passed: Promise<void>; open(): void; fail(error: Error): void } {
  let open!: () => void;
  let fail!: (error: Error) => void;
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}

import { HotCache, type OwnRegion, textKeys } from '#hot-cache';
import type { Chance, Clock } from '#kernel';
import { seededChance, settle } from '#test';
import { SimulatedBus } from './simulated-bus.ts';
import { SimulatedServer, SimulatedTier } from './simulated-tier.ts';
import { SteppingClock } from './stepping-clock.ts';

export type Ways = 'fine' | 'deaf' | 'mute' | 'cut' | 'forgetful' | 'late';

/** What a process meets: how its messages travel, and whether it is stopped, as by a signal. */
class Circumstances {
  ways: Ways = 'fine';
  lastAtMs = 0;
  readonly #held: (() => void)[] = [];
  #stopped = false;

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }

  goOn(): void {
    this.#stopped = false;
    for (const work of this.#held.splice(0)) work();
  }

  run(work: () => void): void {
    if (this.#stopped) this.#held.push(work);
    else work();
  }
}

interface Owned {
  /** How often it was changed. */
  n: number;
  readonly marks: Set<number>;
}

/** Processes that keep what their users' own changes decide, with one store and one bus, all simulated, on one clock. */
export class OwnWorld {
  readonly clock = new SteppingClock();
  readonly caches: HotCache[] = [];
  readonly regions: OwnRegion<string, string, number>[] = [];
  readonly processes: Circumstances[] = [];
  /** Owners of every load so far. */
  readonly loads: string[] = [];
  lateMs = 700;
  readonly #bus = new SimulatedBus();
  readonly #store = new Map<string, Owned>();
  #marks = 0;

  /** @param delayMs how long everything that goes to the store takes, at most. */
  private constructor(
    private readonly chance: Chance,
    public delayMs: number,
  ) {}

  static async open({ instances = 3, seed = 1, delayMs = 0, shared = true, localTier = true }): Promise<OwnWorld> {
    const world = new OwnWorld(seededChance(seed), delayMs);
    const server = new SimulatedServer(world.clock);
    world.#bus.route = (deliver, message, to) => world.#route(deliver, message, to);
    for (let i = 0; i < instances; i++) {
      const process = new Circumstances();
      world.processes.push(process);
      const clock: Clock = {
        now: () => world.clock.now(),
        elapsed: () => world.clock.elapsed(),
        after: (ms, work) => world.clock.after(ms, () => process.run(work)),
      };
      const links = shared ? { tier: new SimulatedTier(server, i), bus: world.#bus.end() } : {};
      const techniques = { localTier };
      const cache = new HotCache({ clock, chance: seededChance(i), origin: `instance-${i}`, techniques, ...links });
      const load = (owner: string, parts: readonly string[]) => world.#load(owner, parts);
      world.caches.push(cache);
      world.regions.push(cache.ownRegion({ name: 'own', owners: textKeys, valueBytes: 0, load }));
      await cache.start();
    }
    await world.clock.advance(2_000);
    return world;
  }

  /** What the owner's own thing is at that process: how often it was changed. */
  async read(owner: string, by: number): Promise<number | undefined> {
    const [n] = await this.regions[by]!.getMany(owner, ['part']);
    return n;
  }

  /** Changes it as `Memberships` does: marks, tells, commits, settles. Resolves to what it is then, when it may be told. */
  async change(owner: string, by: number): Promise<number> {
    const mark = await this.mark(owner);
    const [n] = await Promise.all([this.#commit(owner), this.regions[by]!.retire([owner])]);
    void this.wait().then(() => this.#of(owner).marks.delete(mark));
    return n;
  }

  async mark(owner: string): Promise<number> {
    const mark = ++this.#marks;
    await this.wait();
    this.#of(owner).marks.add(mark);
    await this.wait();
    return mark;
  }

  settleMark(owner: string, mark: number): void {
    this.#of(owner).marks.delete(mark);
  }

  async drive<T>(work: Promise<T>): Promise<T> {
    const progress = { done: false };
    void work.finally(() => (progress.done = true));
    await settle();
    for (let steps = 0; !progress.done && steps < 100_000; steps++) await this.clock.next();
    return work;
  }

  async durationOf(work: Promise<unknown>): Promise<number> {
    const startMs = this.clock.elapsed();
    await this.drive(work);
    return this.clock.elapsed() - startMs;
  }

  /** Rejects when a timer or a listener is left. */
  async end(): Promise<void> {
    for (const process of this.processes) process.goOn();
    await Promise.all(this.caches.map((cache) => cache.stop()));
    await this.clock.advance(20_000);
    if (this.clock.timers + this.#bus.listeners > 0) throw new Error('timers or listeners are left');
  }

  wait(): Promise<void> {
    if (this.delayMs === 0) return Promise.resolve();
    return new Promise((resolve) => this.clock.after(this.chance() * this.delayMs, resolve));
  }

  async #commit(owner: string): Promise<number> {
    await this.wait();
    const n = ++this.#of(owner).n;
    await this.wait();
    return n;
  }

  async #load(owner: string, parts: readonly string[]) {
    this.loads.push(owner);
    await this.wait();
    const firm = this.#of(owner).marks.size === 0;
    if (!firm) await this.wait(); // to ask the set itself
    const { n } = this.#of(owner);
    await this.wait();
    return parts.map(() => ({ value: n, firm }));
  }

  #of(owner: string): Owned {
    let owned = this.#store.get(owner);
    if (owned === undefined) this.#store.set(owner, (owned = { n: 0, marks: new Set() }));
    return owned;
  }

  #route(deliver: () => void, message: string, to: number): void {
    const { o: origin, t: type } = JSON.parse(message) as { o: string; t: string };
    const from = this.processes[Number(origin.replace('instance-', ''))]!;
    const target = this.processes[to]!;
    if (from.ways === 'mute' || from.ways === 'cut' || target.ways === 'deaf' || target.ways === 'cut') return;
    if (target.ways === 'forgetful' && type === 'void') return;
    const atMs = Math.max(target.lastAtMs, this.clock.elapsed() + (target.ways === 'late' ? this.lateMs : 0));
    target.lastAtMs = atMs; // all that comes to one process comes in order
    this.clock.after(atMs - this.clock.elapsed(), () => target.run(deliver));
  }
}

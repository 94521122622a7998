import { type Acquired, type AcquireRequest, type AcquireTerms, type Fill, SharedTier } from '#hot-cache';
import type { SharedRecord } from '#hot-cache';
import { type Clock, unavailable } from '#kernel';

interface Held {
  kind: 'value' | 'absent' | 'lease' | 'void';
  payload: Buffer | undefined;
  version: number;
  epoch: number;
  loadMs: number;
  expiresAtMs: number;
  token: string;
  leaseUntilMs: number;
}

const TOMBSTONE_MS = 60_000;

/** The state behind the shared tier, in memory, for tests that need to own time and failure. */
export class SimulatedServer {
  readonly held = new Map<string, Held>();
  commands = 0;
  /** What every call waits for before and after it takes effect; may reject or never settle. */
  way: (caller: number) => Promise<void> = () => Promise.resolve();
  #lastVersion = 0;

  constructor(private readonly clock: Clock) {}

  async call<T>(caller: number, effect: () => T): Promise<T> {
    await this.way(caller);
    this.commands++;
    const result = effect();
    await this.way(caller);
    return result;
  }

  acquire({ name, floor, token, earlyOf }: AcquireRequest, terms: AcquireTerms): Acquired {
    let held = this.alive(name) ?? this.put(name, { kind: 'lease', version: floor, epoch: this.mint() }, terms.leaseMs);
    if (held.version < floor)
      held = this.put(name, { kind: 'void', version: floor, epoch: this.mint() }, terms.leaseMs);
    const record = hasValue(held) ? this.record(held, terms.graceMs) : undefined;
    const nowMs = this.clock.elapsed();
    const leased = held.token !== '' && held.token !== token && nowMs < held.leaseUntilMs;
    if (record !== undefined && record.freshMs > 0 && (leased || earlyOf !== held.version))
      return { state: 'fresh', record };
    if (leased) return { state: 'wait', record };
    held.token = token;
    held.leaseUntilMs = nowMs + terms.leaseMs;
    if (!hasValue(held)) held.expiresAtMs = Math.max(held.expiresAtMs, held.leaseUntilMs);
    return { state: 'lease', record };
  }

  fill({ name, condition, payload, keepMs, loadMs }: Fill): number {
    const held = this.alive(name);
    if (condition === 'empty' && (held?.kind === 'value' || held?.kind === 'void')) return 0;
    if (typeof condition === 'object' && held?.token !== condition.token) return 0;
    const version = this.mint(held?.version);
    this.put(name, { kind: kindOf(payload), payload, version, epoch: held?.epoch ?? version, loadMs }, keepMs);
    return version;
  }

  put(name: string, held: Partial<Held>, keepMs: number): Held {
    const blank = {
      kind: 'lease' as const,
      payload: undefined,
      version: 0,
      epoch: 0,
      loadMs: 0,
      token: '',
      leaseUntilMs: 0,
    };
    const whole = { ...blank, ...held, expiresAtMs: this.clock.elapsed() + keepMs };
    this.held.set(name, whole);
    return whole;
  }

  alive(name: string): Held | undefined {
    const held = this.held.get(name);
    return held !== undefined && this.clock.elapsed() < held.expiresAtMs ? held : undefined;
  }

  record({ payload, version, epoch, loadMs, expiresAtMs }: Held, graceMs: number): SharedRecord {
    const leftMs = expiresAtMs - this.clock.elapsed();
    return { payload, version, epoch, loadMs, freshMs: payload === undefined ? leftMs : leftMs - graceMs };
  }

  mint(after = 0): number {
    this.#lastVersion = Math.max(this.#lastVersion, after, this.clock.now() * 1000) + 1;
    return this.#lastVersion;
  }
}

/** One process's way to it: the contract of SharedTier, held to the real one's suite. */
export class SimulatedTier extends SharedTier {
  constructor(
    private readonly server: SimulatedServer,
    private readonly caller = 0,
  ) {
    super();
  }

  acquire(requests: readonly AcquireRequest[], terms: AcquireTerms): Promise<Acquired[]> {
    return this.#call((server) => requests.map((request) => server.acquire(request, terms)));
  }

  read(names: readonly string[], graceMs: number): Promise<(SharedRecord | undefined)[]> {
    return this.#call((server) =>
      names.map((name) => {
        const held = server.alive(name);
        return held && hasValue(held) ? server.record(held, graceMs) : undefined;
      }),
    );
  }

  fill(fills: readonly Fill[]): Promise<number[]> {
    return this.#call((server) => fills.map((fill) => server.fill(fill)));
  }

  release(leases: readonly { name: string; token: string }[]): Promise<void> {
    return this.#call((server) => {
      for (const { name, token } of leases) {
        const held = server.alive(name);
        if (held?.token === token) held.token = '';
      }
    });
  }

  invalidate(names: readonly string[]): Promise<number[]> {
    return this.#call((server) =>
      names.map((name) => {
        const version = server.mint(server.alive(name)?.version);
        server.put(name, { kind: 'void', version, epoch: version }, TOMBSTONE_MS);
        return version;
      }),
    );
  }

  copy(name: string, record: SharedRecord, keepMs: number): Promise<void> {
    return this.#call((server) => void server.put(name, { ...record, kind: kindOf(record.payload) }, keepMs));
  }

  tags(): readonly string[] {
    return [];
  }

  #call<T>(effect: (server: SimulatedServer) => T): Promise<T> {
    return this.server.call(this.caller, () => effect(this.server));
  }
}

function hasValue({ kind }: Held): boolean {
  return kind === 'value' || kind === 'absent';
}

function kindOf(payload: Buffer | undefined): 'value' | 'absent' {
  return payload === undefined ? 'absent' : 'value';
}

export const tierDown = (): Promise<void> => Promise.reject(unavailable('the simulated tier is down'));
export const tierHung = (): Promise<void> => new Promise(() => undefined);

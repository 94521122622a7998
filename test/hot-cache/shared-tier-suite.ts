import type { AcquireRequest, SharedTier } from '#hot-cache';

const TERMS = { graceMs: 10_000, leaseMs: 5_000 };
const KEEP_MS = 60_000;

/** A tier under test, and a way to let its time pass. */
export interface TierUnderTest {
  readonly tier: SharedTier;
  pass(ms: number): Promise<void>;
}

/** The contract of SharedTier, run over every implementation. */
export function sharedTierSuite(what: string, setUp: () => TierUnderTest): void {
  describe(`SharedTier: ${what}`, () => {
    let t: SharedTier;
    let pass: TierUnderTest['pass'];
    let serial = 0;
    let name: string;

    beforeEach(() => {
      ({ tier: t, pass } = setUp());
      name = `r:${++serial}`;
    });

    const token = (n: number): string => String(n).padStart(16, '0');
    const ask = async (n: number, more: Partial<AcquireRequest> = {}, terms = TERMS) => {
      const [answer] = await t.acquire([{ name, floor: 0, token: token(n), earlyOf: 0, ...more }], terms);
      return answer!;
    };
    const fill = async (n: number, text: string | undefined, keepMs = KEEP_MS) => {
      const payload = text === undefined ? undefined : Buffer.from(text);
      const [version] = await t.fill([{ name, condition: { token: token(n) }, payload, keepMs, loadMs: 12.5 }]);
      return version!;
    };
    const prime = async (text: string) => {
      const [version] = await t.fill([
        { name, condition: 'empty', payload: Buffer.from(text), keepMs: KEEP_MS, loadMs: 0 },
      ]);
      return version!;
    };

    it('leases what is not there to one, who fills it for all', async () => {
      expect(await ask(1)).toEqual({ state: 'lease', record: undefined });
      expect(await ask(2)).toEqual({ state: 'wait', record: undefined });
      const version = await fill(1, 'a');
      expect(version).toBeGreaterThan(0);
      const { state, record } = await ask(2);
      expect([state, String(record!.payload), record!.version, record!.loadMs]).toEqual(['fresh', 'a', version, 12.5]);
      expect(record!.freshMs).toBeGreaterThan(40_000);
      expect(record!.freshMs).toBeLessThanOrEqual(50_000);
    });

    it('gives the lease again to whoever asks twice with the same token', async () => {
      await ask(1);
      expect((await ask(1)).state).toBe('lease');
    });

    it('refuses a fill without the lease, and after an invalidation', async () => {
      await ask(1);
      expect(await fill(2, 'b')).toBe(0);
      await t.invalidate([name]);
      expect(await fill(1, 'a')).toBe(0);
      expect((await ask(3)).state).toBe('lease');
      expect(await fill(3, 'c')).toBeGreaterThan(0);
    });

    it('gives nothing out that was invalidated, and versions that grow', async () => {
      await ask(1);
      const filled = await fill(1, 'a');
      const [voided] = await t.invalidate([name]);
      expect(voided).toBeGreaterThan(filled);
      expect(await ask(2)).toEqual({ state: 'lease', record: undefined });
      expect(await fill(2, 'b')).toBeGreaterThan(voided!);
      expect((await ask(3)).record!.epoch).toBe(voided);
    });

    it('remembers absence', async () => {
      await ask(1);
      await fill(1, undefined);
      const { state, record } = await ask(2);
      expect([state, record!.payload]).toEqual(['fresh', undefined]);
    });

    it('hands out stale values while one loads, and leases anew when the holder does not come back', async () => {
      const terms = { graceMs: KEEP_MS, leaseMs: 30 };
      await ask(1);
      await fill(1, 'old');
      const first = await ask(2, {}, terms);
      expect([first.state, String(first.record!.payload), first.record!.freshMs <= 0]).toEqual(['lease', 'old', true]);
      const second = await ask(3, {}, terms);
      expect([second.state, String(second.record!.payload)]).toEqual(['wait', 'old']);
      await pass(31);
      expect((await ask(4, {}, terms)).state).toBe('lease');
      expect(await fill(2, 'slow')).toBe(0);
      expect(await fill(4, 'new')).toBeGreaterThan(first.record!.version);
    });

    it('leases a fresh record to one who asks early, and leaves it fresh for all', async () => {
      await ask(1);
      const version = await fill(1, 'a');
      expect((await ask(2, { earlyOf: version - 1 })).state).toBe('fresh');
      const early = await ask(2, { earlyOf: version });
      expect([early.state, String(early.record!.payload)]).toEqual(['lease', 'a']);
      expect((await ask(3, { earlyOf: version })).state).toBe('fresh');
      expect((await ask(4)).state).toBe('fresh');
      expect(await fill(2, 'b')).toBeGreaterThan(0);
    });

    it('drops a record below the floor', async () => {
      await ask(1);
      const version = await fill(1, 'old');
      expect((await ask(2, { floor: version })).state).toBe('fresh');
      expect(await ask(3, { floor: version + 1000 })).toEqual({ state: 'lease', record: undefined });
      expect(await ask(4)).toEqual({ state: 'wait', record: undefined });
      expect(await fill(3, 'new')).toBeGreaterThan(version + 1000);
    });

    it('gives leases back', async () => {
      await ask(1);
      await t.release([{ name, token: token(2) }]);
      expect((await ask(2)).state).toBe('wait');
      await t.release([{ name, token: token(1) }]);
      expect((await ask(3)).state).toBe('lease');
    });

    it('primes where nothing is or absence is known, not over a value nor over an invalidation', async () => {
      await ask(1);
      await fill(1, undefined);
      expect(await prime('a')).toBeGreaterThan(0);
      expect(await prime('b')).toBe(0);
      await t.invalidate([name]);
      expect(await prime('c')).toBe(0);
      expect((await ask(2)).record).toBeUndefined();
      expect(await prime('d')).toBe(0);
    });

    it('voids the lease of whoever looked before the thing was primed', async () => {
      await ask(1);
      await prime('a');
      expect(await fill(1, undefined)).toBe(0);
      expect(String((await ask(2)).record!.payload)).toBe('a');
    });

    it('reads and copies as it is', async () => {
      await ask(1);
      const version = await fill(1, 'a');
      expect(await t.read([`${name}:copy`], TERMS.graceMs)).toEqual([undefined]);
      const [record] = await t.read([name], TERMS.graceMs);
      await t.copy(`${name}:copy`, record!, KEEP_MS);
      const [copy] = await t.read([`${name}:copy`], TERMS.graceMs);
      expect([String(copy!.payload), copy!.version, copy!.loadMs]).toEqual(['a', version, 12.5]);
      expect(copy!.epoch).toBe(record!.epoch);
    });

    it('gives a forgotten record another epoch, so that its old copies are not met again', async () => {
      await ask(1);
      await fill(1, 'a', 20);
      const { epoch } = (await ask(2)).record!;
      await pass(21);
      await ask(3);
      await fill(3, 'b');
      expect((await ask(4)).record!.epoch).toBeGreaterThan(epoch);
    });

    it('forgets what is over', async () => {
      await ask(1);
      await fill(1, 'a', 20);
      await pass(21);
      expect(await ask(2)).toEqual({ state: 'lease', record: undefined });
    });

    it('answers batches in order, each name for itself', async () => {
      const names = ['x', 'y', 'z'].map((n) => `${name}:${n}`);
      await t.invalidate([names[1]!]);
      const requests = names.map((n, i) => ({ name: n, floor: 0, token: token(i), earlyOf: 0 }));
      expect((await t.acquire([requests[0]!], TERMS))[0]!.state).toBe('lease');
      const answers = await t.acquire(
        requests.map((request) => ({ ...request, token: token(9) })),
        TERMS,
      );
      expect(answers.map(({ state }) => state)).toEqual(['wait', 'lease', 'lease']);
      const fills = names.map((n, i) => ({
        name: n,
        condition: { token: token(i === 2 ? 9 : 0) },
        payload: Buffer.from(n),
        keepMs: KEEP_MS,
        loadMs: 1,
      }));
      expect((await t.fill(fills)).map((version) => version > 0)).toEqual([true, false, true]);
      const records = await t.read(names, TERMS.graceMs);
      expect(records.map((record) => record && String(record.payload))).toEqual([names[0], undefined, names[2]]);
      const versions = await t.invalidate(names);
      expect(versions).toHaveLength(3);
    });
  });
}

import { AppError, unavailable } from '#kernel';
import { ManualClock, seededChance, settle } from '#test';
import { Bulkhead } from './bulkhead.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { RetryBudget } from './retry-budget.ts';
import { StoreGuard } from './store-guard.ts';
import { TokenBucket } from './token-bucket.ts';

const BREAKER = { windowMs: 1_000, callsMin: 4, failureRatio: 0.5, openMs: 1_000, probes: 2 };

describe('CircuitBreaker', () => {
  const clock = new ManualClock();
  const breaker = new CircuitBreaker(clock, () => 0.5, BREAKER);
  const call = (succeeded: boolean): boolean => {
    const permit = breaker.enter();
    breaker.leave(permit, succeeded);
    return permit !== 0;
  };

  it('opens when half of enough calls failed, lets probes through later, and closes when they succeed', async () => {
    for (const succeeded of [true, true, false]) call(succeeded);
    expect(breaker.state).toBe('closed');
    const before = breaker.enter();
    call(false);
    expect([breaker.state, call(true), breaker.retryAfterMs]).toEqual(['open', false, 1_000]);
    breaker.leave(before, true); // from another era: proves nothing
    await clock.advance(1_000);
    const probes = [breaker.enter(), breaker.enter(), breaker.enter()];
    expect(probes.map((permit) => permit > 0)).toEqual([true, true, false]);
    breaker.leave(probes[0]!, true);
    expect(breaker.state).toBe('half-open');
    breaker.leave(probes[1]!, true);
    expect(breaker.state).toBe('closed');
  });

  it('opens again when a probe fails, and is not kept half open by probes that never end', async () => {
    for (let i = 0; i < 4; i++) call(false);
    await clock.advance(1_000);
    call(false);
    expect(breaker.state).toBe('open');
    await clock.advance(1_000);
    breaker.enter();
    breaker.enter();
    expect(breaker.enter()).toBe(0);
    await clock.advance(1_000);
    expect(breaker.enter()).toBeGreaterThan(0);
  });

  it('opens after failures in a row, if it is told how many, and counts them anew after each success', () => {
    const other = new CircuitBreaker(clock, () => 0.5, { ...BREAKER, callsMin: 100, failuresInRow: 3 });
    for (const succeeded of [false, false, true, false, false]) other.leave(other.enter(), succeeded);
    expect(other.state).toBe('closed');
    other.leave(other.enter(), false);
    expect(other.state).toBe('open');
  });

  it('forgets what is longer ago than its window', async () => {
    const other = new CircuitBreaker(clock, () => 0.5, BREAKER);
    for (let i = 0; i < 20; i++) {
      other.leave(other.enter(), i % 4 !== 0); // a quarter fails
      await clock.advance(200);
    }
    other.leave(other.enter(), false);
    expect(other.state).toBe('closed');
    other.leave(other.enter(), false);
    expect(other.state).toBe('open');
  });
});

describe('Bulkhead', () => {
  it('runs by priority, and refuses the newest of the lowest when its queue is full', async () => {
    const bulkhead = new Bulkhead('the store', { concurrency: 1, queuedMax: 2 });
    const ran: string[] = [];
    let release = (): void => undefined;
    const first = bulkhead.run(() => new Promise<void>((resume) => (release = resume)), 'low');
    const later = (['low', 'normal', 'high'] as const).map((priority) =>
      bulkhead.run(() => Promise.resolve(void ran.push(priority)), priority).catch((error: unknown) => error),
    );
    await expect(bulkhead.run(() => Promise.resolve(), 'low')).rejects.toMatchObject({ code: 'unavailable' });
    release();
    await first;
    expect(await later[0]).toMatchObject({ code: 'unavailable' });
    await Promise.all(later);
    expect([ran, bulkhead.shed, bulkhead.running, bulkhead.queued]).toEqual([['high', 'normal'], 2, 0, 0]);
  });
});

describe('RetryBudget', () => {
  it('never lets retries add more than a tenth', () => {
    const budget = new RetryBudget(seededChance(1));
    let attempts = 0;
    for (let i = 0; i < 1_000; i++) {
      budget.deposit();
      attempts++;
      for (let n = 1; budget.tryWithdraw(n) !== undefined; n++) attempts++;
    }
    expect(attempts).toBeGreaterThan(1_090);
    expect(attempts).toBeLessThanOrEqual(1_100);
  });
});

describe('StoreGuard', () => {
  const open = (clock: ManualClock) =>
    new StoreGuard(clock, () => 0, { name: 'posts', concurrency: 10, queuedMax: 10, timeoutMs: 100, breaker: BREAKER });

  it('bounds the time of an attempt, and stops calling a store that fails', async () => {
    const clock = new ManualClock();
    const guard = open(clock);
    for (let i = 0; i < 4; i++) {
      const hung = expect(guard.run(() => new Promise(() => undefined))).rejects.toMatchObject({ code: 'unavailable' });
      await clock.advance(100);
      await hung;
    }
    let called = 0;
    const refused = guard.run(() => Promise.resolve(called++));
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 800 });
    expect([called, guard.snapshot.state, guard.snapshot.refusedOpen]).toEqual([0, 'open', 1]);
    expect(clock.timers).toBe(0);
  });

  it('takes answers for answers', async () => {
    const guard = open(new ManualClock());
    const notFound = () => Promise.reject(new AppError('not_found'));
    for (let i = 0; i < 20; i++) await expect(guard.run(notFound)).rejects.toMatchObject({ code: 'not_found' });
    expect(guard.snapshot).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('repeats what may be repeated, from its budget, and nothing it has refused', async () => {
    const clock = new ManualClock();
    const guard = open(clock);
    for (let i = 0; i < 20; i++) await guard.run(() => Promise.resolve());
    let calls = 0;
    const flaky = () => (calls++ === 0 ? Promise.reject(unavailable('once')) : Promise.resolve('yes'));
    const result = guard.run(flaky, 'normal', true);
    await clock.advance(0);
    await expect(result).resolves.toBe('yes');
    calls = 0;
    await expect(guard.run(flaky)).rejects.toMatchObject({ code: 'unavailable' });
    await settle();
    expect([calls, guard.snapshot.retries]).toEqual([1, 1]);
  });
});

describe('TokenBucket', () => {
  it('grants its rate, and a burst after a pause', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect([0, 0, 0, 0].map((nowMs) => bucket.take(nowMs))).toEqual([0, 0, 0, 100]);
    expect(bucket.take(100)).toBe(0);
    expect(bucket.take(150)).toBeCloseTo(50);
    expect([10_000, 10_000, 10_000].map((nowMs) => bucket.take(nowMs))).toEqual([0, 0, 0]);
    expect(bucket.take(10_000)).toBe(100);
  });
});

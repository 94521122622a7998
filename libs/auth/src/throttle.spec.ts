import { ManualClock } from '#test';
import { SignInThrottle } from './sign-in-throttle.ts';
import { Throttle } from './throttle.ts';

const takeAll = (throttle: Throttle, key: string, times: number): number[] =>
  Array.from({ length: times }, () => throttle.take(key));

describe('Throttle', () => {
  it('lets a burst through, then one per step', async () => {
    const clock = new ManualClock();
    const throttle = new Throttle({ burst: 4, periodMs: 4_000 }, 100, clock);
    expect(takeAll(throttle, 'a', 5)).toEqual([0, 0, 0, 0, 1_000]);
    await clock.advance(400);
    expect(throttle.take('a')).toBe(600);
    await clock.advance(600);
    expect(takeAll(throttle, 'a', 2)).toEqual([0, 1_000]);
    expect(throttle.take('b')).toBe(0);
  });

  it('fills up again and no further', async () => {
    const clock = new ManualClock();
    const throttle = new Throttle({ burst: 2, periodMs: 2_000 }, 100, clock);
    takeAll(throttle, 'a', 2);
    await clock.advance(60_000);
    expect(takeAll(throttle, 'a', 3)).toEqual([0, 0, 1_000]);
  });

  it('gives back', () => {
    const throttle = new Throttle({ burst: 1, periodMs: 1_000 }, 100, new ManualClock());
    throttle.take('a');
    throttle.giveBack('a');
    expect(takeAll(throttle, 'a', 2)).toEqual([0, 1_000]);
    throttle.giveBack('unknown');
    expect(takeAll(throttle, 'unknown', 2)).toEqual([0, 1_000]);
  });

  it('forgets the key used longest ago', () => {
    const throttle = new Throttle({ burst: 1, periodMs: 1_000 }, 2, new ManualClock());
    for (const key of ['a', 'b', 'c']) throttle.take(key);
    expect([throttle.take('c'), throttle.take('a')]).toEqual([1_000, 0]);
  });
});

describe('SignInThrottle', () => {
  const fail = (throttle: SignInThrottle, address: string, handle: string, times: number): number =>
    Array.from({ length: times }).filter(() => {
      try {
        throttle.begin(address, handle);
        return true;
      } catch {
        return false;
      }
    }).length;

  it('stops guesses at one handle from one address, and not its owner elsewhere', () => {
    const throttle = new SignInThrottle(new ManualClock());
    expect(fail(throttle, 'attacker', 'victim', 50)).toBe(10);
    expect(fail(throttle, 'home', 'victim', 1)).toBe(1);
    expect(fail(throttle, 'attacker', 'another', 1)).toBe(1);
  });

  it('stops one address that tries many handles', () => {
    const throttle = new SignInThrottle(new ManualClock());
    const passed = Array.from({ length: 200 }, (_, i) => fail(throttle, 'attacker', `h${i}`, 1));
    expect(passed.filter((n) => n === 1)).toHaveLength(100);
  });

  it('does not count what succeeds, and says when to come back', () => {
    const throttle = new SignInThrottle(new ManualClock());
    for (let i = 0; i < 500; i++) {
      throttle.begin('home', 'ann');
      throttle.forgive('home', 'ann');
    }
    expect(fail(throttle, 'home', 'ann', 20)).toBe(10);
    expect(() => throttle.begin('home', 'ann')).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterMs: 90_000 }) as Error,
    );
  });
});

import { ManualClock, seededChance } from '#test';
import { PowerOfTwo } from './power-of-two.ts';

describe('PowerOfTwo', () => {
  it('gives a slow one far less than its share, and comes back when it is fast again', () => {
    const ways = new PowerOfTwo(new ManualClock(), seededChance(1));
    const names = ['a', 'b', 'c', 'd'];
    const count = (latencyOf: (name: string) => number): Record<string, number> => {
      const picks: Record<string, number> = { a: 0, b: 0, c: 0, d: 0 };
      for (let i = 0; i < 4_000; i++) {
        const name = ways.pick(names)!;
        picks[name]!++;
        ways.begin(name);
        ways.end(name, latencyOf(name));
      }
      return picks;
    };
    expect(count((name) => (name === 'c' ? 20 : 1)).c).toBeLessThan(50);
    expect([ways.pick([]), ways.pick(['x'])]).toEqual([undefined, 'x']);
  });

  it('treats equals as equals, whatever the noise', () => {
    const chance = seededChance(3);
    const ways = new PowerOfTwo(new ManualClock(), chance);
    const picks = { a: 0, b: 0 };
    for (let i = 0; i < 4_000; i++) {
      const name = ways.pick(['a', 'b']) as 'a' | 'b';
      picks[name]++;
      ways.begin(name);
      ways.end(name, 1 + chance() / 3);
    }
    expect(Math.abs(picks.a - picks.b)).toBeLessThan(400);
  });

  it('tries a slow one again after a while', async () => {
    const clock = new ManualClock();
    const ways = new PowerOfTwo(clock, seededChance(1));
    for (const [name, latencyMs] of [
      ['a', 1],
      ['b', 50],
    ] as const) {
      ways.begin(name);
      ways.end(name, latencyMs);
    }
    const tries = () => Array.from({ length: 50 }, () => ways.pick(['a', 'b'])).filter((name) => name === 'b').length;
    expect(tries()).toBe(0);
    for (let i = 0; i < 10; i++) {
      await clock.advance(1_000);
      ways.begin('a');
      ways.end('a', 1);
    }
    expect(tries()).toBeGreaterThan(0);
  });

  it('prefers the one with less in flight', () => {
    const ways = new PowerOfTwo(new ManualClock(), seededChance(1));
    for (const name of ['a', 'b']) {
      ways.begin(name);
      ways.end(name, 1);
    }
    for (let i = 0; i < 5; i++) ways.begin('a');
    const picks = Array.from({ length: 20 }, () => ways.pick(['a', 'b']));
    expect(new Set(picks)).toEqual(new Set(['b']));
  });
});

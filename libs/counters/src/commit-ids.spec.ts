import { ManualClock, seededChance } from '#test';
import { commitIds, committedAtMs } from './commit-ids.ts';

describe('ids of commits', () => {
  it('are never the same, and tell when they were made, a second or so more or less', async () => {
    const clock = new ManualClock();
    const chance = seededChance(7);
    const processes = [1, 2, 3].map(() => commitIds(clock, chance));
    const made = new Set<bigint>();
    for (let i = 0; i < 3_000; i++) {
      const commitId = processes[i % 3]!();
      made.add(commitId);
      expect(commitId).toBeLessThan(2n ** 63n);
      expect(Math.abs(clock.now() - committedAtMs({ commitId }))).toBeLessThan(1_100);
      if (i % 100 === 0) await clock.advance(700);
    }
    expect(made.size).toBe(3_000);
    expect(committedAtMs({ commitId: 0n })).toBeLessThan(clock.now() - 86_400_000);
  });
});

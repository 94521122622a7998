import { ManualClock } from '#test';
import { unavailable } from './errors.ts';
import { retryUnavailable } from './retry-unavailable.ts';

describe('retryUnavailable', () => {
  const clock = new ManualClock();
  const away = unavailable('away');
  const failing = (times: number, error: unknown) => {
    const attempts: number[] = [];
    const work = async (): Promise<void> => {
      attempts.push(clock.elapsed());
      if (attempts.length <= times) throw error;
    };
    return { attempts, work };
  };

  it('tries again after each pause, until it works', async () => {
    const startMs = clock.elapsed();
    const { attempts, work } = failing(2, away);
    const done = retryUnavailable(work, [100, 200, 400], clock, new AbortController().signal);
    await clock.advance(1_000);
    await done;
    expect(attempts.map((ms) => ms - startMs)).toEqual([0, 100, 300]);
    expect(clock.timers).toBe(0);
  });

  it('gives up with the last failure', async () => {
    const { attempts, work } = failing(9, away);
    const done = expect(retryUnavailable(work, [100, 200], clock, new AbortController().signal)).rejects.toBe(away);
    await clock.advance(1_000);
    await done;
    expect(attempts).toHaveLength(3);
  });

  it('does not repeat what fails for another reason', async () => {
    const { attempts, work } = failing(9, new TypeError('a defect'));
    await expect(retryUnavailable(work, [100], clock, new AbortController().signal)).rejects.toThrow('a defect');
    expect(attempts).toHaveLength(1);
  });

  it('does not go on when everything stops', async () => {
    const stop = new AbortController();
    const { attempts, work } = failing(9, away);
    const done = expect(retryUnavailable(work, [100, 200], clock, stop.signal)).rejects.toBe(away);
    await clock.advance(150);
    stop.abort();
    await done;
    expect(attempts).toHaveLength(2);
    expect(clock.timers).toBe(0);
  });
});

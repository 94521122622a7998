import { ManualClock, settle } from '#test';
import { Repetition } from './repetition.ts';

const PAUSE_MS = 100;

describe('Repetition', () => {
  const errors: unknown[] = [];
  let clock: ManualClock;
  let times: number;
  let work: () => unknown;
  let repetition: Repetition;
  beforeEach(() => {
    [clock, times] = [new ManualClock(), 0];
    errors.length = 0;
    work = () => undefined;
    const once = () => (times++, work());
    repetition = new Repetition(clock, PAUSE_MS, once, (error) => errors.push(error));
  });

  it('works after each pause, however often it is started, until it is stopped', async () => {
    repetition.start();
    repetition.start();
    expect(times).toBe(0);
    await clock.advance(PAUSE_MS);
    await clock.advance(PAUSE_MS);
    expect(times).toBe(2);
    await repetition.stop();
    await clock.advance(10 * PAUSE_MS);
    expect(times).toBe(2);
  });

  it('goes on after failures, thrown or rejected', async () => {
    repetition.start();
    work = () => Promise.reject(new Error('rejected'));
    await clock.advance(PAUSE_MS);
    work = () => {
      throw new Error('thrown');
    };
    await clock.advance(PAUSE_MS);
    expect([times, errors]).toEqual([2, [new Error('rejected'), new Error('thrown')]]);
  });

  it('waits for what is under way: before the next time, and before it has stopped', async () => {
    let end = (): void => undefined;
    work = () => new Promise<void>((resolve) => (end = resolve));
    repetition.start();
    await clock.advance(5 * PAUSE_MS);
    expect(times).toBe(1);
    let stopped = false;
    const stopping = repetition.stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);
    end();
    await stopping;
    await clock.advance(5 * PAUSE_MS);
    expect(times).toBe(1);
  });
});

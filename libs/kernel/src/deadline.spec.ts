import { ManualClock } from '#test';
import { finishesWithin, withDeadline } from './deadline.ts';

describe('withDeadline', () => {
  it('passes on what comes in time and leaves no timer', async () => {
    const clock = new ManualClock();
    await expect(withDeadline(Promise.resolve(1), 50, 'x', clock)).resolves.toBe(1);
    await expect(withDeadline(Promise.reject(new Error('no')), 50, 'x', clock)).rejects.toThrow('no');
    expect(clock.timers).toBe(0);
  });

  it('refuses when the work never settles', async () => {
    const clock = new ManualClock();
    const late = withDeadline(new Promise(() => undefined), 50, 'the store', clock);
    const outcome = expect(late).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(50);
    await outcome;
  });
});

describe('finishesWithin', () => {
  it('tells whether work ended in time, and passes on its failure', async () => {
    const clock = new ManualClock();
    await expect(finishesWithin(Promise.resolve(), 50, clock)).resolves.toBe(true);
    await expect(finishesWithin(Promise.reject(new Error('no')), 50, clock)).rejects.toThrow('no');
    let fail = (_: Error): void => undefined;
    const late = finishesWithin(new Promise((_, reject) => (fail = reject)), 50, clock);
    await clock.advance(50);
    await expect(late).resolves.toBe(false);
    fail(new Error('later'));
    await clock.advance(0);
    expect(clock.timers).toBe(0);
  });
});

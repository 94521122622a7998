import { ManualClock } from '#test';
import { withDeadline } from './deadline.ts';

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

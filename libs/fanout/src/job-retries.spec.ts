import { unavailable } from '#kernel';
import { OUTAGE_ATTEMPTS_MAX, retryDelayMs } from './job-retries.ts';

const longest = () => 0;
const shortest = () => 1;

describe('retryDelayMs', () => {
  it('gives up on a defect after some attempts', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((attempts) => retryDelayMs(attempts, new TypeError('no'), longest));
    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800]);
    expect(retryDelayMs(8, new TypeError('no'), longest)).toBeUndefined();
  });

  it('waits for the end of an outage, and asks often enough', () => {
    expect(retryDelayMs(1, unavailable('away'), longest)).toBe(200);
    expect(retryDelayMs(100, unavailable('away'), longest)).toBe(4_000);
    expect(retryDelayMs(OUTAGE_ATTEMPTS_MAX, unavailable('away'), longest)).toBeUndefined();
  });

  it('spreads the attempts', () => expect(retryDelayMs(100, unavailable('away'), shortest)).toBe(2_000));
});

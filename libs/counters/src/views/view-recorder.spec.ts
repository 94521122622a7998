import type { PostId } from '#ids';
import { unavailable } from '#kernel';
import type { ViewGain } from '#storage';
import { ManualClock, seededChance } from '#test';
import { type TakenGains, ViewBuffer } from './view-buffer.ts';
import { ViewRecorder } from './view-recorder.ts';

const post = (id: number) => BigInt(id) as PostId;

/** A buffer that is away when told so, before or after it has taken something in. */
class UnsteadyBuffer extends ViewBuffer {
  away: 'no' | 'wholly' | 'while adding' = 'no';
  readonly added: { bucket: number; gains: readonly ViewGain[] }[] = [];
  count = 4;

  buckets(): Promise<number> {
    return this.away === 'wholly' ? Promise.reject(unavailable('away')) : Promise.resolve(this.count);
  }
  growTo(buckets: number): Promise<void> {
    this.count = buckets;
    return Promise.resolve();
  }
  add(bucket: number, gains: readonly ViewGain[]): Promise<void> {
    if (this.away !== 'no') return Promise.reject(unavailable('away'));
    this.added.push({ bucket, gains });
    return Promise.resolve();
  }
  waiting = (): Promise<number[]> => Promise.resolve([]);
  take = (): Promise<void> => Promise.resolve();
  listTaken = (): Promise<TakenGains | undefined> => Promise.resolve(undefined);
  finish = (): Promise<void> => Promise.resolve();
}

function setup() {
  const clock = new ManualClock();
  const buffer = new UnsteadyBuffer();
  const recorder = new ViewRecorder({ buffer, clock, chance: seededChance(1) });
  recorder.start();
  return { clock, buffer, recorder };
}

describe('ViewRecorder', () => {
  it('writes each post once a round, however often it was seen', async () => {
    const { clock, buffer, recorder } = setup();
    for (let i = 0; i < 1000; i++) recorder.record(post(1 + (i % 2)));
    expect(buffer.added).toEqual([]);
    await clock.advance(1000);
    await clock.advance(5000);
    expect(buffer.added.map(({ gains }) => gains)).toEqual([
      [
        { postId: 1n, views: 500 },
        { postId: 2n, views: 500 },
      ],
    ]);
    recorder.record(post(3));
    await recorder.stop();
    expect(buffer.added.at(-1)?.gains).toEqual([{ postId: 3n, views: 1 }]);
    expect(clock.timers).toBe(0);
  });

  it('goes on gathering while the buffer is away, and repeats nothing that may have been counted', async () => {
    const { clock, buffer, recorder } = setup();
    recorder.record(post(1));
    buffer.away = 'wholly';
    await clock.advance(1000);
    recorder.record(post(1));
    buffer.away = 'no';
    await clock.advance(1000);
    expect(buffer.added.map(({ gains }) => gains)).toEqual([[{ postId: 1n, views: 2 }]]);
    recorder.record(post(1));
    buffer.away = 'while adding';
    await clock.advance(1000);
    buffer.away = 'no';
    await clock.advance(1000);
    expect(buffer.added).toHaveLength(1);
    expect(recorder.lost).toBe(1);
    await recorder.stop();
  });

  it('spreads rounds over the buckets, and makes more of them when rounds are large', async () => {
    const { clock, buffer, recorder } = setup();
    for (let round = 0; round < 40; round++) {
      recorder.record(post(1));
      await clock.advance(1000);
    }
    expect(new Set(buffer.added.map(({ bucket }) => bucket)).size).toBe(4);
    for (let id = 0; id < 60_000; id++) recorder.record(post(id + 1));
    expect(recorder.lost).toBe(10_000);
    await clock.advance(1000);
    expect(buffer.count).toBe(8);
    await recorder.stop();
  });
});

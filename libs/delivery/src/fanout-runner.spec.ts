import type { FanoutJobData, Lane } from '#fanout';
import type { Entry } from '#inbox';
import { ManualClock, settle } from '#test';
import { type Deliveries, FanoutRunner, type FinishedRows, type KnownPosts } from './fanout-runner.ts';

const VIEWERS = 3;
const AT_ONCE = 2;

/** Inboxes that answer when they are told to. */
class SlowInboxes implements Deliveries {
  readonly slices = { viewers: VIEWERS, atOnce: AT_ONCE };
  readonly delivered: number[] = [];
  underWay: { viewers: number[]; answer: () => void; fail: () => void }[] = [];
  underWayMax = 0;

  deliver(_entry: Entry, viewers: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      const call = { viewers: idsIn(viewers), answer, fail };
      const leave = (): void => {
        this.underWay = this.underWay.filter((one) => one !== call);
      };
      function fail(): void {
        leave();
        reject(new Error('away'));
      }
      const { delivered } = this;
      function answer(): void {
        leave();
        delivered.push(...call.viewers);
        resolve(call.viewers.length);
      }
      this.underWay.push(call);
      this.underWayMax = Math.max(this.underWayMax, this.underWay.length);
    });
  }
}

const idsIn = (viewers: Buffer) =>
  Array.from({ length: viewers.length / 8 }, (_, i) => Number(viewers.readBigUInt64BE(i * 8)));

function packOf(from: number, count: number): Buffer {
  const pack = Buffer.alloc(count * 8);
  for (let i = 0; i < count; i++) pack.writeBigUInt64BE(BigInt(from + i), i * 8);
  return pack;
}

const jobOf = (lane: Lane, chapters: string[]): FanoutJobData => ({
  postId: '7',
  authorId: '8',
  outboxId: '9',
  acceptedAtMs: 0,
  lane,
  chapters,
});

class GaveWay extends Error {}

function setUp(packs: Readonly<Record<string, Buffer>>) {
  const inboxes = new SlowInboxes();
  const posts: KnownPosts = { find: async (id) => ({ id }) };
  const outbox: FinishedRows = { remove: async () => undefined };
  const metrics = { delivered: () => undefined, finished: () => undefined, swept: () => undefined };
  const followers = { pack: async (_author: unknown, chapter: string) => packs[chapter] ?? Buffer.alloc(0) };
  const runner = new FanoutRunner(posts, followers, inboxes, outbox, new ManualClock(), metrics);
  const positions: NonNullable<FanoutJobData['position']>[] = [];
  const control = {
    save: async (position: NonNullable<FanoutJobData['position']>) => {
      positions.push(position);
    },
    giveWay: () => Promise.reject(new GaveWay()),
  };
  const answerAll = async () => {
    await settle();
    while (inboxes.underWay.length > 0) {
      inboxes.underWay[0]?.answer();
      await settle();
    }
  };
  return { inboxes, runner, control, positions, answerAll };
}

describe('FanoutRunner', () => {
  it('delivers to every follower of every chapter once', async () => {
    const { inboxes, runner, control, answerAll } = setUp({ a: packOf(0, 10), b: packOf(10, 5) });
    const done = runner.deliver(jobOf('large', ['a', 'b']), control);
    await answerAll();
    await done;
    expect(inboxes.delivered.sort((x, y) => x - y)).toEqual(Array.from({ length: 15 }, (_, i) => i));
  });

  it('has a few slices of all big posts under way, and lets small posts go past them', async () => {
    const { inboxes, runner, control, answerAll } = setUp({ big: packOf(0, 30), small: packOf(100, 2) });
    const big = [1, 2].map(() => runner.deliver(jobOf('large', ['big']), control));
    await settle();
    expect(inboxes.underWay).toHaveLength(AT_ONCE);
    const small = runner.deliver(jobOf('small', ['small']), control);
    await settle();
    const [call] = inboxes.underWay.filter(({ viewers }) => viewers.includes(100));
    call?.answer();
    await small;
    await answerAll();
    await Promise.all(big);
    expect(inboxes.underWayMax).toBe(AT_ONCE + 1);
    expect(inboxes.delivered).toHaveLength(62);
  });

  it('gives way after a run, and goes on where it was', async () => {
    const { inboxes, runner, control, positions, answerAll } = setUp({ a: packOf(0, 5), b: packOf(5, 30_000) });
    const first = expect(runner.deliver(jobOf('large', ['a', 'b']), control)).rejects.toThrow(GaveWay);
    await answerAll();
    await first;
    expect(positions).toEqual([{ chapter: 1, offset: 19_995 }]);
    const second = runner.deliver({ ...jobOf('large', ['a', 'b']), position: positions[0]! }, control);
    await answerAll();
    await second;
    expect(new Set(inboxes.delivered).size).toBe(30_005);
    expect(inboxes.delivered).toHaveLength(30_005);
  });

  it('begins no further slice after one has failed', async () => {
    const { inboxes, runner, control, answerAll } = setUp({ a: packOf(0, 300) });
    const failed = expect(runner.deliver(jobOf('large', ['a']), control)).rejects.toThrow('away');
    await settle();
    inboxes.underWay[0]?.fail();
    await answerAll();
    await failed;
    expect(inboxes.delivered).toHaveLength(VIEWERS);
  });
});

import type { PostBus } from '#fanout';
import { type CleanupTask, FanoutQueue, type FanoutTask, PostDispatcher } from '#fanout';
import { idAt, type PostId, type UserId } from '#ids';
import { unavailable } from '#kernel';
import { type OutboxEntry, OutboxStore, type Post, PostStore } from '#storage';
import { ManualClock } from '#test';
import { Sweeper, sweeperTiming } from './sweeper.ts';

// Stores of a few lines: an engine would not let a test leave a write set half-way.
class Rows extends OutboxStore {
  readonly rows = new Map<bigint, OutboxEntry>();
  compactedTo = 0n;

  async remove(entry: OutboxEntry): Promise<void> {
    this.rows.delete(entry.id);
  }

  async list(after: bigint, before: bigint, limit: number): Promise<OutboxEntry[]> {
    const rows = [...this.rows.values()].filter(({ id }) => id > after && id < before);
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  async compact(before: bigint): Promise<void> {
    this.compactedTo = before;
  }
}

class Posts extends PostStore {
  readonly living = new Map<PostId, Post>();
  readonly deleted = new Map<PostId, Post>();
  readonly finished: PostId[] = [];

  async create(post: Post): Promise<void> {
    this.finished.push(post.id);
  }

  async find(id: PostId): Promise<Post | undefined> {
    return this.living.get(id);
  }

  async findMany(ids: readonly PostId[]): Promise<(Post | undefined)[]> {
    return ids.map((id) => this.living.get(id));
  }

  async findDeleted(id: PostId): Promise<Post | undefined> {
    return this.deleted.get(id);
  }

  async delete(): Promise<void> {
    throw new Error('not asked for');
  }
}

class Queue extends FanoutQueue {
  readonly fanouts: FanoutTask[] = [];
  readonly cleanups: CleanupTask[] = [];
  fail: ((task: FanoutTask) => void) | undefined;

  async enqueueFanout(task: FanoutTask): Promise<void> {
    this.fail?.(task);
    this.fanouts.push(task);
  }

  async enqueueCleanup(task: CleanupTask): Promise<void> {
    this.cleanups.push(task);
  }
}

const author = 7n as UserId;
const bus = { announcePost: async () => undefined } as Partial<PostBus> as PostBus;
const followers = { total: async () => 1, chapters: async () => ['0.0'] };

function world() {
  const clock = new ManualClock();
  const [outbox, posts, queue] = [new Rows(), new Posts(), new Queue()];
  const effects = { created: async () => undefined, deleted: async () => undefined };
  const dispatcher = new PostDispatcher(outbox, effects, followers, bus, queue, clock);
  const metrics = { delivered: () => undefined, finished: () => undefined, swept: () => undefined };
  const sweeper = new Sweeper(outbox, posts, dispatcher, clock, metrics);
  let made = 0n;
  const row = (kind: OutboxEntry['kind'], state: 'living' | 'deleted' | 'missing'): OutboxEntry => {
    const id = idAt(clock.now()) + made++;
    const postId = id as PostId;
    const post: Post = {
      id: postId,
      authorId: author,
      text: '',
      replyTo: undefined,
      repostOf: undefined,
      delivery: 'push',
    };
    if (state !== 'missing') posts[state].set(postId, post);
    const entry: OutboxEntry = { id, kind, postId };
    outbox.rows.set(id, entry);
    return entry;
  };
  return { clock, outbox, posts, queue, sweeper, row };
}

const { graceMs, patienceMs, horizonMs, awayMs } = sweeperTiming;

describe('Sweeper', () => {
  it('finishes the write set of a row that was left behind, and dispatches it', async () => {
    const { clock, posts, queue, sweeper, row } = world();
    const { postId } = row('created', 'living');
    expect(await sweeper.sweep()).toBe(0); // left to its writer
    await clock.advance(graceMs + 1);
    expect(await sweeper.sweep()).toBe(1);
    expect(posts.finished).toEqual([postId]);
    expect(queue.fanouts).toMatchObject([{ postId, lane: 'backlog' }]);
  });

  it('looks again at what it dispatched only after a while', async () => {
    const { clock, queue, sweeper, row } = world();
    row('created', 'living');
    await clock.advance(graceMs + 1);
    await sweeper.sweep();
    await clock.advance(patienceMs - 1);
    expect(await sweeper.sweep()).toBe(0);
    await clock.advance(1);
    expect(await sweeper.sweep()).toBe(1);
    expect(queue.fanouts).toHaveLength(2);
  });

  it('cleans up after a deletion', async () => {
    const { clock, queue, sweeper, row } = world();
    const { postId } = row('deleted', 'deleted');
    await clock.advance(graceMs + 1);
    expect(await sweeper.sweep()).toBe(1);
    expect(queue.cleanups).toMatchObject([{ postId }]);
  });

  it('drops the row of a post that was deleted meanwhile', async () => {
    const { clock, outbox, queue, sweeper, row } = world();
    row('created', 'deleted');
    await clock.advance(graceMs + 1);
    expect(await sweeper.sweep()).toBe(0);
    expect(outbox.rows.size).toBe(0);
    expect(queue.fanouts).toEqual([]);
  });

  it('drops a row whose post never came, but not before it may not come any more', async () => {
    const { clock, outbox, sweeper, row } = world();
    row('created', 'missing');
    row('deleted', 'living');
    await clock.advance(horizonMs - patienceMs);
    await sweeper.sweep();
    expect(outbox.rows.size).toBe(2);
    await clock.advance(patienceMs + 1);
    await sweeper.sweep();
    expect(outbox.rows.size).toBe(0);
  });

  it('lets the store forget only the time in which no write can still be under way', async () => {
    const { clock, outbox, sweeper, row } = world();
    await clock.advance(horizonMs);
    const { id } = row('created', 'living');
    await sweeper.sweep();
    expect(outbox.compactedTo).toBe(idAt(clock.now() - horizonMs));
    await clock.advance(2 * horizonMs);
    await sweeper.sweep();
    expect(outbox.compactedTo).toBe(id);
  });

  it('goes on soon after an outage, with all rows', async () => {
    const { clock, queue, sweeper, row } = world();
    const rows = [row('created', 'living'), row('created', 'living'), row('created', 'living')];
    queue.fail = () => {
      throw unavailable('away');
    };
    await clock.advance(graceMs + 1);
    await expect(sweeper.sweep()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(sweeper.sweep()).rejects.toMatchObject({ code: 'unavailable' }); // asks for another row
    queue.fail = undefined;
    await clock.advance(awayMs);
    expect(await sweeper.sweep()).toBe(3);
    expect(queue.fanouts.map((task) => task.outbox)).toEqual(rows);
  });

  it('does not let one row that always fails stand before the others', async () => {
    const { clock, queue, sweeper, row } = world();
    const poison = row('created', 'living');
    const good = row('created', 'living');
    queue.fail = (task) => {
      if (task.postId === poison.postId) throw new TypeError('a defect');
    };
    await clock.advance(graceMs + 1);
    await expect(sweeper.sweep()).rejects.toThrow('a defect');
    expect(queue.fanouts).toMatchObject([{ postId: good.postId }]);
  });

  it('works off a long backlog in parts', async () => {
    const { clock, sweeper, row } = world();
    for (let i = 0; i < 2_300; i++) row('created', 'living');
    await clock.advance(graceMs + 1);
    expect(await sweeper.sweep()).toBe(2_000);
    expect(await sweeper.sweep()).toBe(300);
    expect(await sweeper.sweep()).toBe(0);
  });
});

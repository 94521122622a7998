import type { PostId, UserId } from '#ids';
import { unavailable } from '#kernel';
import type { Stores } from '#storage';
import { ManualClock, settle } from '#test';
import { guardStores, openStoreGuards } from './store-guards.ts';

const READS_AT_ONCE = 128;
const READS_QUEUED = 2_000;
const AUTHOR = 1n as UserId;
const POST = 2n as PostId;

/** Stores whose every method does the same. */
function storesThat(answer: (name: string) => Promise<unknown>): Stores {
  const port = (store: string) => new Proxy({}, { get: (_, name) => () => answer(`${store}.${String(name)}`) });
  return new Proxy({} as Stores, { get: (_, store) => port(String(store)) });
}

function setUp(answer: (name: string) => Promise<unknown>) {
  const clock = new ManualClock();
  const guards = openStoreGuards(clock, () => 0.5);
  return { clock, guards, stores: guardStores(storesThat(answer), guards) };
}

/** How many were refused by now. */
function watch(promises: readonly Promise<unknown>[]): { refused: number } {
  const seen = { refused: 0 };
  for (const promise of promises) promise.catch(() => seen.refused++);
  return seen;
}

const never = () => new Promise(() => undefined);
const many = (work: () => Promise<unknown>) => Array.from({ length: READS_AT_ONCE + READS_QUEUED }, work);

describe('guards of the store', () => {
  it('turn away strangers scrolling before those who read for their own post', async () => {
    const { stores, guards } = setUp(never);
    const scrolls = watch(many(() => stores.timelines.list(AUTHOR, { before: 9n, limit: 20 })));
    await settle();
    expect([scrolls.refused, guards.reads.snapshot.queued]).toEqual([0, READS_QUEUED]);
    const first = watch(Array.from({ length: 10 }, () => stores.posts.find(POST)));
    await settle();
    expect([scrolls.refused, first.refused]).toEqual([10, 0]);
  });

  it('let people write while readers wait in line', async () => {
    const { stores } = setUp((name) => (name === 'posts.create' ? Promise.resolve() : never()));
    watch(many(() => stores.replies.list(POST, 0n, 20)));
    const nothing = { replyTo: undefined, repostOf: undefined };
    const post = { id: POST, authorId: AUTHOR, text: '', ...nothing, delivery: 'push' } as const;
    await expect(stores.posts.create(post, { id: 3n, kind: 'created', postId: POST })).resolves.toBeUndefined();
  });

  it('do not multiply what fails, and ask again when it is over', async () => {
    const down = { yes: true };
    const { stores, guards, clock } = setUp(() =>
      down.yes ? Promise.reject(unavailable('down')) : Promise.resolve([]),
    );
    const read = () => stores.mutes.loadAll(AUTHOR);
    const CALLS = 200;
    watch(Array.from({ length: CALLS }, read));
    await clock.advance(2_000);
    const { attempts, retries } = guards.reads.snapshot;
    expect(attempts).toBeLessThanOrEqual(1.1 * CALLS);
    expect(retries).toBeLessThanOrEqual(0.1 * CALLS);
    down.yes = false;
    await clock.advance(5_000);
    await expect(read()).resolves.toEqual([]);
  });

  it('refuse with a time to come back while writes fail, and go on reading', async () => {
    const { stores, guards } = setUp((name) =>
      name === 'blocks.put' ? Promise.reject(unavailable('disk full')) : Promise.resolve(true),
    );
    const write = () => stores.blocks.put(AUTHOR, 5n as UserId);
    for (let n = 0; n < 30 && guards.writes.snapshot.state === 'closed'; n++) await write().catch(() => undefined);
    await expect(write()).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: expect.any(Number) as number });
    expect(guards.writes.snapshot.refusedOpen).toBeGreaterThan(0);
    await expect(stores.blocks.hasAny(AUTHOR)).resolves.toBe(true);
  });

  it('end a call that hangs', async () => {
    const { stores, clock } = setUp(never);
    const hung = watch([stores.users.setDisplayName(AUTHOR, 'x')]);
    await clock.advance(6_000);
    expect(hung.refused).toBe(1);
  });
});

import fc from 'fast-check';
import type { PostId, UserId } from '#ids';
import { BUILDING, type Entry, type InboxHeader, inboxSize } from '#inbox';
import { systemClock } from '#kernel';
import { startTestRedis, type TestRedis } from '#test';
import { connectRedis, type RedisClient } from '../connection/connect-redis.ts';
import { idBytes } from './inbox-keys.ts';
import { RedisInboxStore } from './redis-inbox-store.ts';

const IDLE_MS = 86_400_000;

let server: TestRedis;
let redis: RedisClient;
let lastUser = 10n ** 18n;

beforeAll(async () => {
  server = await startTestRedis();
  redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const user = () => ++lastUser as UserId;
const store = (entriesMax: number) =>
  new RedisInboxStore(redis, { size: inboxSize(entriesMax), idleMs: IDLE_MS }, systemClock);
const entry = (postId: number, authorId = 7): Entry => ({
  postId: BigInt(postId) as PostId,
  authorId: BigInt(authorId) as UserId,
});
const packed = (...viewers: UserId[]) => Buffer.concat(viewers.map(idBytes));

it('RedisInboxStore does what a sorted list would, under random operations', async () => {
  const operation = fc.oneof(
    fc.record({
      kind: fc.constant('deliver' as const),
      id: fc.integer({ min: 1, max: 60 }),
      author: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({
      kind: fc.constant('merge' as const),
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }),
    }),
    fc.record({ kind: fc.constant('withdraw' as const), id: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('purge' as const), author: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      kind: fc.constant('build' as const),
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }),
      floor: fc.integer({ min: 0, max: 30 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 14 }),
      fc.array(operation, { maxLength: 60 }),
      async (max, operations) => {
        const inboxes = store(max);
        const viewer = user();
        const model = new ModelInbox(max);
        for (const op of operations) {
          if (model.isCold) {
            await inboxes.open(viewer, 1n);
            model.open();
          }
          if (op.kind === 'deliver') {
            await inboxes.deliver(entry(op.id, op.author), packed(viewer));
            model.deliver(op.id, op.author);
          } else if (op.kind === 'withdraw') {
            await inboxes.withdraw(entry(op.id), packed(viewer));
            model.withdraw(op.id);
          } else if (op.kind === 'purge') {
            const { relations, covered } = (await inboxes.dump(viewer))!.header;
            await inboxes.purge(viewer, BigInt(op.author) as UserId, { relations, covered });
            model.purge(op.author);
          } else {
            const sorted = [...op.ids].sort((a, b) => a - b);
            const floor = op.kind === 'build' ? { floor: BigInt(op.floor) } : {};
            await inboxes.merge(viewer, {
              entries: sorted.map((id) => entry(id, 1)),
              ...floor,
              covered: 1n,
              coveredAtMs: 1,
            });
            model.merge(sorted, op.kind === 'build' ? op.floor : undefined);
          }
          const reading = await inboxes.dump(viewer);
          expect(reading === undefined).toBe(model.isCold);
          if (!reading) continue;
          expect(reading.entries.map((e) => [Number(e.postId), Number(e.authorId)])).toEqual(model.shown());
          expect(floorOf(reading.header)).toBe(model.floor);
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

const floorOf = (header: InboxHeader) => (header.floor === BUILDING ? undefined : Number(header.floor));

/** The same inbox as a plain sorted list. An author of 0 marks what was withdrawn; no floor: under construction. */
class ModelInbox {
  entries: [number, number][] = [];
  floor: number | undefined = undefined;
  isCold = true;

  constructor(private readonly max: number) {}

  open(): void {
    [this.entries, this.floor, this.isCold] = [[], undefined, false];
  }

  shown(): [number, number][] {
    return this.entries.filter(([, author]) => author !== 0);
  }

  deliver(id: number, author: number): void {
    this.#put([[id, author]], false);
  }

  /** @param floor of a build. */
  merge(ids: readonly number[], floor?: number): void {
    if (this.floor === undefined && floor === undefined) return;
    this.floor ??= floor;
    this.#put(
      ids.map((id) => [id, 1]),
      true,
    );
  }

  withdraw(id: number): void {
    for (const one of this.entries) if (one[0] === id) one[1] = 0;
  }

  purge(author: number): void {
    this.entries = this.entries.filter(([, by]) => by !== author);
  }

  #put(added: [number, number][], replaces: boolean): void {
    for (const [id, author] of added) {
      const present = this.entries.find(([other]) => other === id);
      if (!present) this.entries.push([id, author]);
      else if (replaces) present[1] = author;
    }
    this.entries = this.entries.filter(([id]) => id > (this.floor ?? 0)).sort(([a], [b]) => a - b);
    if (this.entries.length <= this.max) return;
    const dropped = this.entries.splice(0, this.entries.length - (this.max - 1));
    if (this.floor === undefined) this.isCold = true;
    else this.floor = dropped.at(-1)![0];
  }
}

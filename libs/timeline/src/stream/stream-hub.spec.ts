import { type BusBatch, type BusEvent, type BusPosition, PostBus } from '#fanout';
import type { PostId, UserId } from '#ids';
import { unavailable } from '#kernel';
import type { PostView } from '#presentation';
import { ManualClock, settle } from '#test';
import { FollowList } from '../relations/follow-list.ts';
import type { Relations } from '../relations/relations.ts';
import type { RelationsReader } from '../relations/relations-reader.ts';
import type { EventSink } from './event-sink.ts';
import type { PostEvents } from './post-events.ts';
import { StreamHub } from './stream-hub.ts';

const AUTHOR = 1n as UserId;

/** Positions are how many events came before; a reader that would wait is answered by the next event. */
class SimulatedBus extends PostBus {
  readonly #events: BusEvent[] = [];
  #wake: (() => void)[] = [];

  announce(event: BusEvent): Promise<void> {
    this.#events.push(event);
    for (const wake of this.#wake.splice(0)) wake();
    return Promise.resolve();
  }

  announcePost = (postId: PostId, authorId: UserId) => this.announce({ kind: 'post', postId, authorId });
  announceRelations = (viewer: UserId) => this.announce({ kind: 'relations', viewer });
  isBehind = (a: BusPosition, b: BusPosition) => Number(a) < Number(b);
  head = () => Promise.resolve(String(this.#events.length));

  async read(after: BusPosition, limit: number, waitMs: number): Promise<BusBatch> {
    const from = Number(after);
    if (waitMs > 0 && from === this.#events.length) await new Promise<void>((resolve) => this.#wake.push(resolve));
    const events = this.#events.slice(from, from + limit);
    return {
      events: events.map((event, i) => ({ position: String(from + i + 1), event })),
      next: String(from + events.length),
    };
  }
}

class Inbox implements EventSink {
  readonly posts: string[] = [];
  post = (_: BusPosition, json: string) => void this.posts.push(json);
  reset = () => undefined;
  beat = () => undefined;
  end = () => undefined;
}

const relationsOf = (viewer: UserId): Relations => ({
  viewer,
  follows: new FollowList(BigUint64Array.of(AUTHOR), BigUint64Array.of(0n)),
  muted: new Set(),
  hasBlocks: false,
  loadedAtMs: 0,
});

const unexpected = (error: unknown): void => {
  throw error;
};

describe('StreamHub', () => {
  it('tells nobody twice when an event fails for somebody and is served again', async () => {
    const [bus, clock] = [new SimulatedBus(), new ManualClock()];
    let failures = 1;
    const events: Pick<PostEvents, 'load' | 'presentFor'> = {
      load: (id) => Promise.resolve({ id } as unknown as PostView),
      presentFor: (view, { viewer }) => {
        if (viewer === 12n && failures-- > 0) throw unavailable('the store is away');
        return Promise.resolve(`${String((view as unknown as { id: PostId }).id)} for ${viewer}`);
      },
    };
    const relations: Pick<RelationsReader, 'load'> = { load: (viewer) => Promise.resolve(relationsOf(viewer)) };
    const hub = new StreamHub(bus, events as PostEvents, relations as RelationsReader, clock, unexpected);
    hub.start();
    const [first, second] = [new Inbox(), new Inbox()];
    await hub.open(11n as UserId, () => first, undefined);
    await hub.open(12n as UserId, () => second, undefined);
    await settle();
    await bus.announcePost(100n as PostId, AUTHOR);
    await settle();
    expect([first.posts, second.posts]).toEqual([['100 for 11'], []]);
    await clock.advance(1000);
    expect([first.posts, second.posts]).toEqual([['100 for 11'], ['100 for 12']]);
    hub.stop();
  });

  it('reports an event that cannot be served, and serves those behind it', async () => {
    const [bus, clock] = [new SimulatedBus(), new ManualClock()];
    const errors: unknown[] = [];
    const events: Pick<PostEvents, 'load' | 'presentFor'> = {
      load: (id) => (id === 100n ? Promise.reject(new TypeError('a defect')) : Promise.resolve({} as PostView)),
      presentFor: () => Promise.resolve('shown'),
    };
    const relations: Pick<RelationsReader, 'load'> = { load: (viewer) => Promise.resolve(relationsOf(viewer)) };
    const onError = (error: unknown) => void errors.push(error);
    const hub = new StreamHub(bus, events as PostEvents, relations as RelationsReader, clock, onError);
    hub.start();
    const inbox = new Inbox();
    await hub.open(11n as UserId, () => inbox, undefined);
    await settle();
    await bus.announcePost(100n as PostId, AUTHOR);
    await bus.announcePost(101n as PostId, AUTHOR);
    await settle();
    expect(errors).toEqual([new TypeError('a defect')]);
    expect(inbox.posts).toEqual(['shown']);
    hub.stop();
  });
});

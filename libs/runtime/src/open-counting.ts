import {
  CountedSets,
  type CountedSetsOptions,
  counterLimits,
  embeddedCounterLimits,
  MemberIndex,
  Memberships,
  type MembershipsOptions,
  Reconciler,
  type ViewBuffer,
  ViewFlusher,
  ViewRecorder,
} from '#counters';
import type { ViewCounting } from '#presentation';
import type { Stores } from '#storage';
import { counterEvents } from './counter-events.ts';
import type { Opening } from './opening.ts';
import { ShardWatch } from './watch/shard-watch.ts';

export interface Counting {
  readonly sets: CountedSets;
  readonly memberships: Memberships;
  readonly memberIndex: MemberIndex;
  readonly reconciler: Reconciler;
  /** Which sets have grown. */
  readonly shards: ShardWatch;
}

/**
 * Each flush reads and writes a row for every post seen, in every bucket: three nodes of Cassandra have better things to do
 * every five seconds. What waits is on a Redis with a replica there.
 */
const SHARED_VIEWS_FLUSH_MS = 30_000;

/** What caches must be told. */
export interface CountChanges {
  readonly onWake: NonNullable<CountedSetsOptions['onWake']>;
  readonly onFollowing: NonNullable<MembershipsOptions['onFollowing']>;
  readonly onLiking: NonNullable<MembershipsOptions['onLiking']>;
}

/** The exact counts: sets, and what connects them with their members. */
export function openCounting(stores: Stores, changes: CountChanges, opening: Opening): Counting {
  const { clock, chance, topology, metrics, logger, closers } = opening;
  const { onWake, ...onChange } = changes;
  const shards: ShardWatch = new ShardWatch(metrics, (subject) => sets.layoutOf(subject));
  const events = shards.on(counterEvents(metrics, logger));
  const limits = topology.shared ? counterLimits : embeddedCounterLimits;
  const { countedSets: store, memberIndex: index } = stores;
  const counted = new CountedSets({ store, clock, chance, limits, events, onWake });
  const sets = closers.add(counted, (counting) => counting.close());
  const inOnePiece = !topology.shared;
  const memberships = new Memberships({ sets, index, clock, chance, events, inOnePiece, ...onChange });
  return {
    sets,
    memberships: closers.add(memberships, (settling) => settling.close()),
    memberIndex: new MemberIndex({ sets, store: index, clock }),
    reconciler: new Reconciler({ store, clock, chance, events, ...(topology.shared && { pauseMs: 250 }) }),
    shards,
  };
}

/** The approximate ones: views are gathered in the process, wait in Redis, and are folded into the store. */
export function openViews(
  buffer: ViewBuffer,
  stores: Stores,
  { clock, chance, topology, closers }: Opening,
): ViewCounting {
  const interval = topology.shared && { intervalMs: SHARED_VIEWS_FLUSH_MS };
  const flushing = { buffer, store: stores.views, clock, ...interval };
  const flusher = closers.add(new ViewFlusher(flushing), (running) => running.stop());
  const recorder = closers.add(new ViewRecorder({ buffer, clock, chance }), (running) => running.stop());
  flusher.start();
  recorder.start();
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a class only to be a token
  return { seen: (post) => recorder.record(post) };
}

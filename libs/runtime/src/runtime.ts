import type { Passwords, SignIn, Tokens } from '#auth';
import type { Config } from '#config';
import type { CountedSets, MemberIndex, Memberships, Reconciler } from '#counters';
import type { BullQueues } from '#engine-redis';
import type { AuthorModes, AuthorRoster, FanoutInspector, FanoutQueue, PostBus, PostDispatcher } from '#fanout';
import type { FollowLookup, ProfileCounts, UserDirectory } from '#http';
import type { IdGenerator } from '#ids';
import type { InboxStore } from '#inbox';
import type { BackgroundTasks, Clock } from '#kernel';
import type { Logger, Metrics, VitalsRecorder } from '#observability';
import type { NumberSource, Presenter, ViewCounting } from '#presentation';
import type { Stores } from '#storage';
import type { Caches } from './caches.ts';
import type { CountedFollowers } from './counted-followers.ts';
import type { Prewarms } from './prewarms.ts';
import type { RedisConnections } from './redis-connections.ts';
import type { ServerSignals } from './signals/server-signals.ts';

/** Everything that the features are made of, plugged together. A class, so that it can be injected. */
export abstract class Runtime {
  abstract readonly config: Config;
  abstract readonly clock: Clock;
  abstract readonly logger: Logger;
  abstract readonly metrics: Metrics;
  abstract readonly vitals: VitalsRecorder;
  abstract readonly ids: IdGenerator;
  /** Work that goes on behind answers; a stop waits for it. */
  abstract readonly tasks: BackgroundTasks;

  abstract readonly stores: Stores;
  abstract readonly redis: RedisConnections;
  abstract readonly caches: Caches;
  abstract readonly prewarms: Prewarms;
  abstract readonly inboxes: InboxStore;
  /** The same inboxes over the workers' own connection. */
  abstract readonly deliveryInboxes: InboxStore;
  abstract readonly bus: PostBus;
  abstract readonly queue: FanoutQueue;
  abstract readonly queues: BullQueues;
  abstract readonly inspector: FanoutInspector;
  /** Load, as the servers behind this process see it. */
  abstract readonly signals: ServerSignals;

  abstract readonly tokens: Tokens;
  abstract readonly passwords: Passwords;
  abstract readonly signIn: SignIn;
  abstract readonly sets: CountedSets;
  abstract readonly memberships: Memberships;
  abstract readonly memberIndex: MemberIndex;
  /** Its walk over all sets is started by the workers. */
  abstract readonly reconciler: Reconciler;
  abstract readonly roster: AuthorRoster;
  abstract readonly modes: AuthorModes;
  abstract readonly followers: CountedFollowers;
  abstract readonly dispatcher: PostDispatcher;
  abstract readonly presenter: Presenter;
  abstract readonly numbers: NumberSource;
  abstract readonly views: ViewCounting;
  abstract readonly directory: UserDirectory;
  abstract readonly profileCounts: ProfileCounts;
  abstract readonly follows: FollowLookup;

  /** Ends everything in reverse order; call it when nothing uses it any more. */
  abstract close(): Promise<void>;
}

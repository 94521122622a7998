import type { RedisConfig, RedisTarget } from '#config';
import { NodeSignals, type RedisClient } from '#engine-redis';
import type { FanoutInspector } from '#fanout';
import type { Clock } from '#kernel';
import type { VitalsRecorder } from '#observability';
import type { Stores } from '#storage';
import type { RedisConnections } from '../redis-connections.ts';
import { CounterSignals } from './counter-signals.ts';
import { ServerSignals } from './server-signals.ts';

export interface SignalSources {
  readonly clients: RedisConnections;
  readonly stores: Stores;
  readonly queues: FanoutInspector;
  readonly vitals: VitalsRecorder;
}

/** Watches each Redis deployment once, whatever the number of roles it has. */
export function openServerSignals(
  config: RedisConfig,
  { clients, stores, queues, vitals }: SignalSources,
  clock: Clock,
): ServerSignals {
  const deployments = new Map<string, { roles: string[]; client: RedisClient }>();
  for (const role of ['cache', 'inboxes', 'queue'] as const) {
    const place = placeOf(config[role]);
    const known = deployments.get(place);
    if (known) known.roles.push(role);
    else deployments.set(place, { roles: [role], client: clients[role] });
  }
  const redis = [...deployments.values()].map(
    ({ roles, client }) => [roles.join(', '), new NodeSignals(client, clock)] as const,
  );
  const counters = new CounterSignals(vitals, stores.countedSets);
  const signals = new ServerSignals({ redis: new Map(redis), store: stores.signals, queues, counters }, clock);
  void signals.sample(); // what the first look's rates are counted from
  return signals;
}

function placeOf(target: RedisTarget): string {
  return target.kind === 'single' ? target.url : [...target.urls].sort().join();
}

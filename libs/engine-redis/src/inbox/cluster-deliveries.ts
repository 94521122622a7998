import type { Cluster, Redis } from 'ioredis';
import { unavailable } from '#kernel';
import { slotOf } from '../cache/node-tags.ts';
import type { RedisCaller } from '../connection/redis-caller.ts';
import { nameOf } from '../connection/redis-nodes.ts';
import { readScript } from '../connection/scripts.ts';
import type { Delivered, InboxCommands } from './inbox-commands.ts';
import { INBOX_TAGS } from './inbox-keys.ts';
import { ReplicaAcknowledgement } from './replica-acknowledgement.ts';

type Deliver = InboxCommands['inboxDeliver'];

/** Inboxes of one tag, as arguments of `inbox-deliver`. */
export interface DeliveryCall {
  readonly tag: number;
  readonly args: Parameters<Deliver>;
}

const SLOT_OF_TAG = Array.from({ length: INBOX_TAGS }, (_, tag) => slotOf(String(tag)));

/**
 * Deliveries on a cluster, acknowledged only when a replica has them, too: a master that dies would else leave warm inboxes
 * with holes that nobody knows of. A master without a replica that works is written all the same.
 *
 * Calls go to the masters' own connections and not through the cluster's routing: WAIT speaks for the connection that
 * wrote, and routing may quietly send a call over another. These connections never come back once they are lost, so a WAIT
 * that succeeds was on the one that wrote. What routing would have repaired (a slot that moves) is a rejection here, and the
 * caller repeats.
 */
export class ClusterDeliveries {
  readonly #acknowledgement = new ReplicaAcknowledgement();
  readonly #script = readScript('inbox-deliver', 'n');
  readonly #prepared = new WeakSet<Redis>();

  constructor(
    private readonly cluster: Cluster,
    private readonly caller: RedisCaller,
  ) {}

  /** Rejects when any call failed; others may have succeeded. */
  async send(calls: readonly DeliveryCall[]): Promise<Delivered[]> {
    const parts = [...this.#byMaster(calls)].map(([master, own]) =>
      this.caller.call(() => this.#sendTo(master, own), nameOf(master.connection)),
    );
    return (await Promise.all(parts)).flat();
  }

  async #sendTo({ connection, hasReplica }: Master, calls: readonly DeliveryCall[]): Promise<Delivered[]> {
    const redis = this.#prepare(connection);
    const delivered = await Promise.all(calls.map(({ args }) => redis.inboxDeliver(...args)));
    if (hasReplica) await this.#acknowledgement.of(connection);
    return delivered;
  }

  #byMaster(calls: readonly DeliveryCall[]): Map<Master, DeliveryCall[]> {
    const masters = new Map(this.cluster.nodes('master').map((node) => [nameOf(node), node]));
    const known = new Map<string, Master>();
    const groups = new Map<Master, DeliveryCall[]>();
    for (const call of calls) {
      const [name = '', ...replicas] = this.cluster.slots[SLOT_OF_TAG[call.tag] ?? -1] ?? [];
      const connection = masters.get(name);
      if (!connection) throw unavailable('a master of the inboxes is away');
      const master = known.get(name) ?? { connection, hasReplica: replicas.length > 0 };
      known.set(name, master);
      const group = groups.get(master);
      if (group) group.push(call);
      else groups.set(master, [call]);
    }
    return groups;
  }

  #prepare(connection: Redis): Redis & Pick<InboxCommands, 'inboxDeliver'> {
    if (!this.#prepared.has(connection)) connection.defineCommand('inboxDeliver', this.#script);
    this.#prepared.add(connection);
    return connection as Redis & Pick<InboxCommands, 'inboxDeliver'>;
  }
}

interface Master {
  readonly connection: Redis;
  /** As the cluster says; one that has failed is not in its list. */
  readonly hasReplica: boolean;
}

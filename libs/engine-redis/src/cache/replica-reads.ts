import { PowerOfTwo } from '#hot-cache';
import type { Chance, Clock } from '#kernel';
import type { Cluster, Command, Redis } from 'ioredis';
import { nameOf } from '../connection/redis-nodes.ts';

/** How often a replica is asked whether it still follows its master. */
const CHECK_EVERY_MS = 1_000;

/**
 * Lets read-only commands of a cluster go to whichever node of the slot answers fastest, replicas included. ioredis' own
 * choice fails a third of the reads when a replica dies: it draws among connections that are not ready. Here only ready ones
 * count, of replicas only those whose link to the master is up; lazy connections are opened on the way; else the master.
 */
export class ReplicaReads {
  readonly #ways: PowerOfTwo;
  readonly #following = new Map<string, { sinceMs: number; up: boolean }>();

  constructor(
    cluster: Cluster,
    private readonly clock: Clock,
    chance: Chance,
  ) {
    this.#ways = new PowerOfTwo(clock, chance);
    cluster.options.scaleReads = (nodes: (Redis | undefined)[], command: Command) => this.#choose(nodes, command);
    // A command under way when its connection drops is not sent again: it might take effect after what came in between.
    cluster.options.retryDelayOnFailover = 0;
  }

  #choose(nodes: (Redis | undefined)[], command: Command): Redis | undefined {
    const [master, ...replicas] = nodes;
    const able = replicas.filter((replica): replica is Redis => replica !== undefined && this.#isAble(replica));
    if (master?.status === 'ready') able.push(master);
    const name = this.#ways.pick(able.map((node) => nameOf(node)));
    const chosen = able.find((node) => nameOf(node) === name) ?? master;
    if (chosen !== undefined) this.#time(nameOf(chosen), command);
    return chosen;
  }

  #isAble(replica: Redis): boolean {
    if (replica.status === 'wait') void replica.connect().catch(() => undefined);
    if (replica.status !== 'ready') return false;
    const checked = this.#following.get(nameOf(replica));
    if (checked === undefined || this.clock.elapsed() - checked.sinceMs > CHECK_EVERY_MS) this.#check(replica);
    return checked?.up ?? false;
  }

  #check(replica: Redis): void {
    const name = nameOf(replica);
    this.#following.set(name, { sinceMs: this.clock.elapsed(), up: this.#following.get(name)?.up ?? false });
    const note = (up: boolean) => void this.#following.set(name, { sinceMs: this.clock.elapsed(), up });
    replica.info('replication').then(
      (text) => note(text.includes('master_link_status:up')),
      () => note(false),
    );
  }

  #time(name: string, command: Command): void {
    const startMs = this.clock.elapsed();
    this.#ways.begin(name);
    const end = (): void => this.#ways.end(name, this.clock.elapsed() - startMs);
    command.promise.then(end, end);
  }
}

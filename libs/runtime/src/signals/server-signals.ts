import type { NodeSignal } from '#engine-redis';
import type { FanoutInspector, QueueLane, QueueStatus } from '#fanout';
import { type LoadSkew, loadSkew } from '#hot-cache';
import { type Clock, withDeadline } from '#kernel';
import type { StoreNodeSignal } from '#storage';
import { SHARD_CHANGES_WORTH } from '../watch/shard-watch.ts';
import type { CounterSignal } from './counter-signals.ts';

/** A load that several nodes or shards carry, and how evenly. */
export interface CarriedLoad extends LoadSkew {
  readonly of: string;
  readonly unit: string;
  readonly loads: Readonly<Record<string, number>>;
}

/** What the servers behind this process say of themselves. */
export interface ServerReport {
  readonly redis: readonly (NodeSignal & { readonly role: string })[];
  readonly store: readonly StoreNodeSignal[];
  readonly skew: readonly CarriedLoad[];
}

interface Sampler<Signal> {
  sample(): Promise<readonly Signal[]>;
}

export interface ServerSources {
  /** By the roles that a Redis has: one for each deployment. */
  readonly redis: ReadonlyMap<string, Sampler<NodeSignal>>;
  readonly store: Sampler<StoreNodeSignal>;
  readonly queues: Pick<FanoutInspector, 'status'>;
  readonly counters: Sampler<CounterSignal>;
}

/** Rates need some time to be counted over; and nobody looks closer than this. */
const FRESH_MS = 1_000;
const TIMEOUT_MS = 2_000;

/** Below these totals nodes are idle, whatever the ratio. */
const WORTH = { commands: 1_000, requests: 500, jobs: 20, changes: SHARD_CHANGES_WORTH };

/**
 * Load seen from the servers' side, asked for when somebody looks, at most once a second. Rates are those since the look
 * before. What does not answer is left out: an operators' page must not hang on what it is there to show.
 */
export class ServerSignals {
  #last: { readonly atMs: number; readonly report: Promise<ServerReport> } | undefined;

  constructor(
    private readonly sources: ServerSources,
    private readonly clock: Clock,
  ) {}

  sample(): Promise<ServerReport> {
    const nowMs = this.clock.elapsed();
    if (this.#last === undefined || nowMs - this.#last.atMs >= FRESH_MS) {
      this.#last = { atMs: nowMs, report: this.#ask() };
    }
    return this.#last.report;
  }

  async #ask(): Promise<ServerReport> {
    const { redis: deployments, store: signals, queues, counters } = this.sources;
    const [redis, store, lanes, sets] = await Promise.all([
      Promise.all([...deployments].map(([role, sampler]) => this.#redis(role, sampler))),
      this.#inTime(signals.sample()),
      this.#inTime(queues.status()),
      this.#inTime(counters.sample()),
    ]);
    const skew = [
      ...redis.map(({ role, nodes }) =>
        carried(
          `redis ${role}`,
          'commands/s',
          WORTH.commands,
          loadsOf(nodes, (node) => node.commandsPerSecond),
        ),
      ),
      ...(store.length === 0
        ? []
        : [
            carried(
              'store',
              'requests/s',
              WORTH.requests,
              loadsOf(store, (node) => node.requestsPerSecond),
            ),
          ]),
      ...byLane(lanes),
      ...sets.map(({ set, changesPerSecond }) =>
        carried(`counter ${set}`, 'changes/s', WORTH.changes, changesPerSecond),
      ),
    ];
    return { redis: redis.flatMap(({ role, nodes }) => nodes.map((node) => ({ role, ...node }))), store, skew };
  }

  async #redis(role: string, sampler: Sampler<NodeSignal>) {
    return { role, nodes: await this.#inTime(sampler.sample()) };
  }

  #inTime<T>(work: Promise<readonly T[]>): Promise<readonly T[]> {
    return withDeadline(work, TIMEOUT_MS, 'a look at the servers', this.clock).catch(() => []);
  }
}

/** Jobs that wait or run, by the shards of each lane. */
function byLane(queues: readonly QueueStatus[]): CarriedLoad[] {
  const lanes = new Map<QueueLane, Record<string, number>>();
  for (const { lane, queue, waiting, active, delayed } of queues) {
    const loads = lanes.get(lane) ?? {};
    loads[queue] = waiting + active + delayed;
    lanes.set(lane, loads);
  }
  return [...lanes].map(([lane, loads]) => carried(`queue ${lane}`, 'jobs', WORTH.jobs, loads));
}

function loadsOf<Node extends { readonly node: string }>(nodes: readonly Node[], load: (node: Node) => number) {
  return Object.fromEntries(nodes.map((node) => [node.node, load(node)]));
}

function carried(of: string, unit: string, worthMin: number, loads: Record<string, number>): CarriedLoad {
  return { of, unit, loads, ...loadSkew(loads, worthMin) };
}

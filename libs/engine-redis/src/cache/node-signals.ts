import type { Clock } from '#kernel';
import type { Redis } from 'ioredis';
import { isCluster, type RedisClient } from '../connection/connect-redis.ts';

export interface KeyFrequency {
  readonly key: string;
  readonly frequency: number;
}

/** What one Redis node says of itself. */
export interface NodeSignal {
  readonly node: string;
  /** Those that scripts call are counted too; what such looks ask themselves is not. */
  readonly commandsPerSecond: number;
  /** Of one core, by the server's own count. */
  readonly cpuShare: number;
  /** Its most frequent keys, by Redis' own LFU counter (0 to 255, logarithmic); empty under another eviction policy. */
  readonly hotKeys: readonly KeyFrequency[];
}

interface Reading {
  readonly atMs: number;
  readonly commands: number;
  readonly cpuSeconds: number;
}

const KEYS_SCANNED = 100;
const KEYS_SHOWN = 5;

/** What looking costs the node; counted as load, an operators' page would show mostly itself. */
const LOOKS = new Set(['info', 'scan', 'object|freq']);

/** Looks at every node of the cache from the server's side: load, and what Redis itself finds hot. Cheap: a few commands each. */
export class NodeSignals {
  readonly #last = new Map<string, Reading>();
  readonly #scans = new Map<string, { cursor: string; top: readonly KeyFrequency[] }>();

  constructor(
    private readonly client: RedisClient,
    private readonly clock: Clock,
  ) {}

  /** Rates are those since the call before; nodes that do not answer are left out. */
  async sample(): Promise<NodeSignal[]> {
    const nodes = isCluster(this.client) ? this.client.nodes('all') : [this.client];
    const signals = await Promise.allSettled(nodes.map((node) => this.#ask(node)));
    return signals.flatMap((signal) => (signal.status === 'fulfilled' ? [signal.value] : []));
  }

  async #ask(node: Redis): Promise<NodeSignal> {
    const name = `${node.options.host}:${node.options.port}`;
    const info = await node.info('everything');
    const now: Reading = {
      atMs: this.clock.elapsed(),
      commands: commandsIn(info),
      cpuSeconds: numberIn(info, 'used_cpu_user') + numberIn(info, 'used_cpu_sys'),
    };
    const last = this.#last.get(name) ?? now;
    this.#last.set(name, now);
    const seconds = Math.max(0.001, (now.atMs - last.atMs) / 1000);
    return {
      node: name,
      commandsPerSecond: Math.max(0, now.commands - last.commands) / seconds,
      cpuShare: Math.max(0, now.cpuSeconds - last.cpuSeconds) / seconds,
      hotKeys: info.includes('maxmemory_policy:allkeys-lfu') ? await this.#mostFrequent(name, node) : [],
    };
  }

  /** As `redis-cli --hotkeys` does, but a part of the keys with every call, against the best of the calls before. */
  async #mostFrequent(name: string, node: Redis): Promise<readonly KeyFrequency[]> {
    const { cursor, top } = this.#scans.get(name) ?? { cursor: '0', top: [] };
    const [next, keys] = await node.scan(cursor, 'COUNT', KEYS_SCANNED);
    const names = new Set([...keys, ...top.map(({ key }) => key)]);
    const counted = await frequencies(node, [...names]);
    const best = counted.sort((a, b) => b.frequency - a.frequency).slice(0, KEYS_SHOWN);
    this.#scans.set(name, { cursor: next, top: best });
    return best;
  }
}

async function frequencies(node: Redis, keys: readonly string[]): Promise<KeyFrequency[]> {
  const pipeline = node.pipeline();
  for (const key of keys) pipeline.object('FREQ', key);
  const replies = (await pipeline.exec()) ?? [];
  return keys.map((key, i) => ({ key, frequency: Number(replies[i]?.[1] ?? 0) }));
}

function commandsIn(info: string): number {
  let commands = 0;
  for (const [, name = '', calls] of info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    if (!LOOKS.has(name)) commands += Number(calls);
  }
  return commands;
}

function numberIn(info: string, field: string): number {
  return Number(new RegExp(`^${field}:([0-9.]+)`, 'm').exec(info)?.[1] ?? 0);
}

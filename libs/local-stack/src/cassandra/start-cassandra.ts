import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts, isFree } from '../free-ports.ts';
import { StackError } from '../stack-error.ts';
import type { StackOptions } from '../stack-options.ts';
import type { NodePlace } from './cassandra-config.ts';
import { cassandraJars } from './cassandra-jars.ts';
import { CassandraNode } from './cassandra-node.ts';
import { findJava17 } from './java-17.ts';

export interface CassandraOptions extends StackOptions {
  readonly nodes: 1 | 3;
  /** Of each node; default 256, which carries tests. Benchmarks want 512. */
  readonly heapMb?: number | undefined;
  /** Holds data, logs and the choice of ports. A start over an earlier one's goes on with its data, at the same ports. */
  readonly dir: string;
}

export interface CassandraCluster {
  /** On 127.0.0.1, and 127.0.0.2 and 127.0.0.3. */
  readonly nodes: readonly CassandraNode[];
  /** The server's variables that name it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Resolves when every node sees all nodes alive; throws a StackError after `withinMs`, default 120 s. */
  untilHealthy(withinMs?: number): Promise<void>;
  /** Takes some seconds, in which each node writes down what it holds. */
  stop(): Promise<void>;
  /** At once, for data that nobody needs any more. */
  kill(): Promise<void>;
}

interface Ports {
  readonly native: number;
  readonly storage: number;
  readonly jmx: readonly number[];
}

/** A real Cassandra without Docker, from Maven artifacts on Java 17, ready for a keyspace with a replica on each node. */
export async function startCassandra(options: CassandraOptions): Promise<CassandraCluster> {
  const java = await findJava17(options);
  const jars = await cassandraJars(options);
  const places = await choosePlaces(options);
  const starts = await Promise.allSettled(
    places.map((place) => CassandraNode.start({ ...options, heapMb: options.heapMb ?? 256, java, jars, place })),
  );
  const nodes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const servers = nodes.map(({ server }) => server);
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const kill = async () => {
    await Promise.all(servers.map((server) => server.kill()));
  };
  const untilHealthy = (withinMs = 120_000) => waitUntilHealthy(nodes, withinMs, options.signal);
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    await untilHealthy();
  } catch (error) {
    await kill();
    throw error;
  }
  return { nodes, variables: variablesOf(nodes), untilHealthy, stop, kill };
}

function variablesOf(nodes: readonly CassandraNode[]): Record<string, string> {
  return {
    CASSANDRA_CONTACT_POINTS: nodes.map(({ host, nativePort }) => `${host}:${nativePort}`).join(','),
    CASSANDRA_LOCAL_DC: 'datacenter1', // SimpleSnitch's
    CASSANDRA_REPLICATION: String(nodes.length),
  };
}

async function choosePlaces({ nodes, dir }: CassandraOptions): Promise<NodePlace[]> {
  const hosts = Array.from({ length: nodes }, (_, i) => `127.0.0.${i + 1}`);
  const file = join(dir, 'ports.json');
  const ports = existsSync(file) ? await earlierPorts(file, hosts) : await newPorts(file, hosts);
  return hosts.map((host, i) => ({
    clusterName: 'Groundswell',
    host,
    hosts,
    nativePort: ports.native,
    storagePort: ports.storage,
    jmxPort: ports.jmx[i] ?? 0,
    dir: resolve(dir, `node-${i + 1}`),
  }));
}

async function newPorts(file: string, hosts: readonly string[]): Promise<Ports> {
  const [native = 0, storage = 0, ...jmx] = await freePorts(2 + hosts.length, { hosts });
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify({ native, storage, jmx }));
  return { native, storage, jmx };
}

/** Nodes remember each other by address and port. */
async function earlierPorts(file: string, hosts: readonly string[]): Promise<Ports> {
  const ports = JSON.parse(readFileSync(file, 'utf8')) as Ports;
  if (ports.jmx.length !== hosts.length)
    throw new StackError(`${join(file, '..')} holds a Cassandra of another number of nodes (${ports.jmx.length}).`);
  const needed = [ports.native, ports.storage].flatMap((port) => hosts.map((host) => ({ host, port })));
  for (const place of needed)
    if (!(await isFree(place)))
      throw new StackError(`${place.host}:${place.port} is taken: is the Cassandra of ${join(file, '..')} running?`);
  return ports;
}

async function waitUntilHealthy(
  nodes: readonly CassandraNode[],
  withinMs: number,
  signal?: AbortSignal,
): Promise<void> {
  if (nodes.length === 1) return; // its own readiness is all there is
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seeing = await Promise.all(nodes.map((node) => node.seesAll().catch(() => false)));
    if (seeing.every(Boolean)) return;
    signal?.throwIfAborted();
    if (performance.now() > deadline)
      throw new StackError(`the nodes of Cassandra did not see each other within ${withinMs / 1000} s`);
    await delay(100);
  }
}

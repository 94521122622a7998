import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { LocalServer } from '../local-server.ts';
import { runProgram } from '../run-program.ts';
import type { StackOptions } from '../stack-options.ts';
import { type NodePlace, cassandraConfig, logbackConfig } from './cassandra-config.ts';
import { Consistency, answersCql } from './cql-probe.ts';

export interface CassandraNodeOptions extends StackOptions {
  readonly java: string;
  readonly jars: string;
  readonly heapMb: number;
  readonly place: NodePlace;
}

/** One JVM of Cassandra's, on an address of its own. */
export class CassandraNode {
  private constructor(
    readonly server: LocalServer,
    private readonly options: CassandraNodeOptions,
  ) {}

  /** Resolves when CQL answers. */
  static async start(options: CassandraNodeOptions): Promise<CassandraNode> {
    const { java, heapMb, place, env, signal } = options;
    const { host, nativePort, dir } = place;
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'cassandra.yaml'), cassandraConfig(place));
    writeFileSync(join(dir, 'logback.xml'), logbackConfig);
    const server = await LocalServer.start(
      {
        name: `Cassandra ${host}:${nativePort}`,
        command: java,
        args: [...jvmFlags(options), '-Xms64m', `-Xmx${heapMb}m`, 'org.apache.cassandra.service.CassandraDaemon'],
        cwd: dir,
        env,
        logFile: join(dir, 'cassandra.log'),
        graceMs: 30_000,
        readyWithinMs: 240_000,
        isReady: () => answersCql(place, 'SELECT key FROM system.local', Consistency.one),
      },
      signal,
    );
    return new CassandraNode(server, options);
  }

  get host(): string {
    return this.options.place.host;
  }

  get nativePort(): number {
    return this.options.place.nativePort;
  }

  /** Whether this node can reach every replica of a table that has one on each of three nodes. */
  seesAll(): Promise<boolean> {
    return answersCql(
      this.options.place,
      'SELECT keyspace_name FROM system_distributed.view_build_status',
      Consistency.all,
    );
  }

  /** Cassandra's own tool, such as `nodetool('status')` or `nodetool('toppartitions', 'ks', 'table', '1000')`: its output. */
  nodetool(...command: readonly string[]): Promise<string> {
    const { java, jars, env, place } = this.options;
    const flags = ['-XX:TieredStopAtLevel=1', `-Duser.home=${place.dir}`, ...moduleFlags, ...toolModuleFlags];
    const logging = `-Dlogback.configurationFile=${join(place.dir, 'logback.xml')}`;
    const tool = ['-cp', join(jars, '*'), ...flags, logging, 'org.apache.cassandra.tools.NodeTool'];
    return runProgram(java, [...tool, '-p', String(place.jmxPort), ...command], { env, timeoutMs: 120_000 });
  }
}

/** What Cassandra 5.0 needs of Java 17, no more: without any of these it ends at once. */
const moduleFlags = [
  '--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.base/java.io=ALL-UNNAMED',
  '--add-exports=java.management.rmi/com.sun.jmx.remote.internal.rmi=ALL-UNNAMED', // these two for JMX
  '--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED',
];
const toolModuleFlags = [
  '--add-exports=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
];

/**
 * On few cores the optimizing compiler takes most of them for the first minutes: three nodes on two cores are twice as fast
 * without it, and remain so for as long as such clusters live.
 */
const compilerFlags = availableParallelism() <= 4 ? ['-XX:TieredStopAtLevel=1'] : [];

function jvmFlags({ jars, place: { dir, jmxPort } }: CassandraNodeOptions): string[] {
  const properties = {
    'cassandra-foreground': 'yes',
    'cassandra.config': `file://${join(dir, 'cassandra.yaml')}`,
    'cassandra.storagedir': dir,
    'cassandra.jmx.local.port': jmxPort,
    'logback.configurationFile': join(dir, 'logback.xml'),
    // Waits that make sense for a cluster that others are part of already: 20 s become 6.
    'cassandra.skip_wait_for_gossip_to_settle': 0,
    'cassandra.ring_delay_ms': 100,
    'cassandra.superuser_setup_delay_ms': 0,
    'cassandra.shutdown_announce_in_ms': 0, // a stop is one of all nodes
    // What it finds by itself in seconds of counting, at every start.
    'cassandra.memtable.row_overhead_size': 181,
  };
  return [
    ...['-cp', join(jars, '*'), `-javaagent:${jammOf(jars)}`, '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
    ...compilerFlags,
    ...moduleFlags,
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
  ];
}

/** The agent that measures memtables. */
function jammOf(jars: string): string {
  const jamm = readdirSync(jars).find((name) => name.startsWith('jamm-')) ?? '';
  return join(jars, jamm);
}

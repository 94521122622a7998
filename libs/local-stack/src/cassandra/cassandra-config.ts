import { join } from 'node:path';

/** Where one node of a cluster lives. */
export interface NodePlace {
  readonly clusterName: string;
  readonly host: string;
  /** All nodes of the cluster; the ports are the same on each. */
  readonly hosts: readonly string[];
  readonly nativePort: number;
  readonly storagePort: number;
  /** On 127.0.0.1, hence another one for each node. */
  readonly jmxPort: number;
  /** Absolute. */
  readonly dir: string;
}

/**
 * The text of a cassandra.yaml (JSON is YAML). Nodes may start together because each has its token beforehand and every
 * one is a seed. The commit log is synced every 10 s: what was acknowledged is lost only if all replicas lose power.
 */
export function cassandraConfig(place: NodePlace): string {
  const { clusterName, host, hosts, nativePort, storagePort, dir } = place;
  const seeds = hosts.map((seed) => `${seed}:${storagePort}`).join(',');
  const config = {
    cluster_name: clusterName,
    partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
    endpoint_snitch: 'SimpleSnitch',
    num_tokens: 1,
    initial_token: String(evenToken(hosts.indexOf(host), hosts.length)),
    auto_bootstrap: false,
    seed_provider: [{ class_name: 'org.apache.cassandra.locator.SimpleSeedProvider', parameters: [{ seeds }] }],
    listen_address: host,
    rpc_address: host,
    storage_port: storagePort,
    native_transport_port: nativePort,
    start_native_transport: true,
    data_file_directories: [join(dir, 'data')],
    commitlog_directory: join(dir, 'commitlog'),
    saved_caches_directory: join(dir, 'saved_caches'),
    hints_directory: join(dir, 'hints'),
    cdc_raw_directory: join(dir, 'cdc_raw'),
    commitlog_sync: 'periodic',
    commitlog_sync_period: '10s',
    commitlog_segment_size: '32MiB',
    auto_snapshot: false,
    memtable_allocation_type: 'heap_buffers',
    disk_access_mode: 'standard',
    paxos_variant: 'v2',
  };
  return JSON.stringify(config, null, 2);
}

/** Token `i` of `count` that share the ring evenly. */
export function evenToken(i: number, count: number): bigint {
  return -(2n ** 63n) + (2n ** 64n * BigInt(i)) / BigInt(count);
}

export const logbackConfig = `<configuration>
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level [%thread] %date{ISO8601} %F:%L - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="STDOUT" /></root>
</configuration>
`;

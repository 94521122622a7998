import type { Clock } from '#kernel';
import { type StoreNodeSignal, StoreSignals, type StoreTableSignal } from '#storage';
import type { Database } from './database/database.ts';

interface LatencyRow {
  readonly keyspace_name: string;
  readonly table_name: string;
  readonly count: bigint;
  readonly p99th_ms: number | null;
}

interface Reading {
  readonly atMs: number;
  /** Since the node started, by table and direction. */
  readonly counts: ReadonlyMap<string, number>;
}

const TABLES_SHOWN = 5;

/**
 * What the virtual tables of every node say of our keyspace (Cassandra, "Virtual tables"). They know tables, not partitions:
 * those are counted in the application.
 */
export class CassandraSignals extends StoreSignals {
  readonly #last = new Map<string, Reading>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async sample(): Promise<StoreNodeSignal[]> {
    const [reads, writes] = await Promise.all([
      this.#latencies('SELECT * FROM system_views.local_read_latency'),
      this.#latencies('SELECT * FROM system_views.local_write_latency'),
    ]);
    return [...reads].map(([node, rows]) => this.#signalOf(node, rows, writes.get(node) ?? []));
  }

  async #latencies(cql: string): Promise<Map<string, LatencyRow[]>> {
    const answers = await this.db.everyNode(cql);
    const ours = ({ keyspace_name }: LatencyRow): boolean => keyspace_name === this.db.keyspace;
    return new Map(answers.map(({ node, rows }) => [node, (rows as LatencyRow[]).filter(ours)]));
  }

  #signalOf(node: string, reads: readonly LatencyRow[], writes: readonly LatencyRow[]): StoreNodeSignal {
    const now: Reading = { atMs: this.clock.elapsed(), counts: countsOf(reads, writes) };
    const last = this.#last.get(node) ?? now;
    this.#last.set(node, now);
    const seconds = Math.max(0.001, (now.atMs - last.atMs) / 1000);
    const rate = (what: string): number => {
      const count = now.counts.get(what) ?? 0;
      return Math.max(0, count - (last.counts.get(what) ?? count)) / seconds;
    };
    const p99s = new Map(writes.map((row) => [row.table_name, row.p99th_ms ?? 0]));
    const tables = reads.map(({ table_name: table, p99th_ms }): StoreTableSignal => ({
      table,
      readsPerSecond: rate(`${table} read`),
      writesPerSecond: rate(`${table} write`),
      readP99Ms: p99th_ms ?? 0,
      writeP99Ms: p99s.get(table) ?? 0,
    }));
    const load = (signal: StoreTableSignal): number => signal.readsPerSecond + signal.writesPerSecond;
    const requestsPerSecond = tables.reduce((sum, signal) => sum + load(signal), 0);
    return { node, requestsPerSecond, tables: tables.sort((a, b) => load(b) - load(a)).slice(0, TABLES_SHOWN) };
  }
}

function countsOf(reads: readonly LatencyRow[], writes: readonly LatencyRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { table_name, count } of reads) counts.set(`${table_name} read`, Number(count));
  for (const { table_name, count } of writes) counts.set(`${table_name} write`, Number(count));
  return counts;
}

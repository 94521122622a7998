/** Where Cassandra is and how the data is kept there. */
export interface CassandraOptions {
  /** `host` or `host:port`; some nodes of the local data centre. All nodes listen on one port. */
  readonly contactPoints: readonly string[];
  readonly localDc: string;
  readonly keyspace: string;
  /** Copies per data centre. */
  readonly replication: Readonly<Record<string, number>>;
  readonly limits?: Partial<RequestLimits>;
}

/** What the process asks of Cassandra at once, and for how long it waits. */
export interface RequestLimits {
  /** Requests under way. 64 to 128 reach the full rate; more only wait in Cassandra instead of here. */
  readonly inFlightMax: number;
  /** Requests waiting for their turn; whatever comes beyond is refused. */
  readonly queuedMax: number;
  /** How long a request may take, its turn and its repetitions included. */
  readonly timeoutMs: number;
}

export const requestLimits: RequestLimits = { inFlightMax: 128, queuedMax: 8_192, timeoutMs: 5_000 };

/** Receives what operators should know; pino's loggers are of this shape. */
export interface CassandraReporter {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

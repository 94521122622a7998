import { Client, policies, types } from 'cassandra-driver';
import type { CassandraOptions, CassandraReporter } from '../cassandra-options.ts';
import { connectError } from './connect-error.ts';
import { contactPointsOf } from './contact-points.ts';
import { RepeatPolicy } from './repeat-policy.ts';
import { SpeculationPolicy } from './speculation-policy.ts';
import { leaveStreamIdZero } from './stream-ids.ts';

const { DefaultLoadBalancingPolicy } = policies.loadBalancing;
const { ExponentialReconnectionPolicy } = policies.reconnection;

/** Longer than the server's own deadlines (2 s for writes): while it still tries, nobody asks what became of it. */
const READ_TIMEOUT_MS = 3_000;

export interface Connection {
  readonly client: Client;
  readonly speculation: SpeculationPolicy;
}

/** Rejects with a message for people when there is no such Cassandra. */
export async function connect(options: CassandraOptions, reporter: CassandraReporter): Promise<Connection> {
  leaveStreamIdZero();
  const { hosts, port } = contactPointsOf(options.contactPoints);
  const speculation = new SpeculationPolicy();
  const client = new Client({
    contactPoints: hosts,
    localDataCenter: options.localDc,
    protocolOptions: { port, maxVersion: types.protocolVersion.v4, maxSchemaAgreementWaitSeconds: 60 },
    applicationName: 'groundswell',
    monitorReporting: { enabled: false },
    encoding: { useBigIntAsLong: true },
    queryOptions: {
      prepare: true, // the driver knows whom to ask only then
      consistency: types.consistencies.localQuorum,
      serialConsistency: types.consistencies.localSerial,
    },
    policies: {
      loadBalancing: new DefaultLoadBalancingPolicy(),
      retry: new RepeatPolicy(),
      speculativeExecution: speculation,
      reconnection: new ExponentialReconnectionPolicy(500, 15_000, false),
    },
    socketOptions: { readTimeout: READ_TIMEOUT_MS, connectTimeout: 2_000 },
    // The heartbeat finds frozen nodes, which keep their connections: 5 s and a read timeout after their last sign.
    pooling: { heartBeatInterval: 5_000, maxRequestsPerConnection: 2_048 },
  });
  report(client, reporter);
  try {
    await client.connect();
    return { client, speculation };
  } catch (error) {
    await client.shutdown();
    throw connectError(error, options);
  }
}

function report(client: Client, reporter: CassandraReporter): void {
  client.on('hostUp', ({ address }: { address: string }) => reporter.info({ node: address }, 'a Cassandra node is up'));
  client.on('hostDown', ({ address }: { address: string }) =>
    reporter.warn({ node: address }, 'a Cassandra node is down'),
  );
  client.on('log', (level: string, _source: string, message: string) => {
    if (level === 'warning' || level === 'error') reporter.warn({}, `cassandra-driver: ${message}`);
  });
}

import { RedisConnection } from './redis-connection.ts';
import { type RedisServer, loopbackNode } from './redis-server.ts';

/** One line of CLUSTER NODES. */
interface SeenNode {
  readonly port: number;
  readonly flags: readonly string[];
  readonly connected: boolean;
  readonly hasSlots: boolean;
}

/** Whether every slot has a serving master, and all serving nodes see each other and are in sync. */
export async function isHealthy(nodes: readonly RedisServer[]): Promise<boolean> {
  const serving = nodes.filter(({ server }) => server.serving);
  const ports = new Set(serving.map(({ port }) => port));
  const healthy = await Promise.all(serving.map(({ port }) => seesHealth(port, ports).catch(() => false)));
  return healthy.length > 0 && healthy.every(Boolean);
}

async function seesHealth(port: number, serving: ReadonlySet<number>): Promise<boolean> {
  const connection = await RedisConnection.open(loopbackNode(port), 1000);
  try {
    const seen = String(await connection.command('CLUSTER', 'NODES'))
      .trim()
      .split('\n')
      .map(parseNode);
    const state = String(await connection.command('CLUSTER', 'INFO'));
    const replication = String(await connection.command('INFO', 'replication'));
    return (
      state.includes('cluster_state:ok') &&
      seen.every((node) => serving.has(node.port) || !node.hasSlots) &&
      [...serving].every((one) => seen.some((node) => node.port === one && isFine(node))) &&
      isInSync(replication)
    );
  } finally {
    connection.close();
  }
}

function parseNode(line: string): SeenNode {
  const [, address = '', flags = '', , , , , link, ...slots] = line.split(' ');
  return {
    port: Number(/:(\d+)@/.exec(address)?.[1]),
    flags: flags.split(','),
    connected: link === 'connected',
    hasSlots: slots.length > 0,
  };
}

function isFine({ flags, connected }: SeenNode): boolean {
  return connected && !flags.some((flag) => ['fail', 'fail?', 'handshake', 'noaddr'].includes(flag));
}

function isInSync(replication: string): boolean {
  return (
    replication.includes('role:master') || /master_link_status:up\r\n[^]*master_sync_in_progress:0/.test(replication)
  );
}

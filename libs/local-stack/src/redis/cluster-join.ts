import { setTimeout as delay } from 'node:timers/promises';
import { RedisConnection } from './redis-connection.ts';
import { type RedisServer, loopbackNode } from './redis-server.ts';

const SLOTS = 16_384;

/** Makes a cluster of empty nodes: the first `masters` share the slots evenly, the others replicate them in turn. */
export async function joinCluster(nodes: readonly RedisServer[], masters: number): Promise<void> {
  const connections = await Promise.all(nodes.map(({ port }) => RedisConnection.open(loopbackNode(port))));
  try {
    await Promise.all(connections.map((node, i) => node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1))));
    await Promise.all(connections.slice(0, masters).map((node, i) => takeSlots(node, i, masters)));
    await introduce(connections, nodes);
    const ids = await Promise.all(connections.map(async (node) => String(await node.command('CLUSTER', 'MYID'))));
    await Promise.all(
      connections.slice(masters).map((node, i) => replicate(node, ids[i % masters] ?? '', nodes.length)),
    );
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function takeSlots(node: RedisConnection, i: number, masters: number): Promise<void> {
  const first = Math.floor((SLOTS * i) / masters);
  const end = Math.floor((SLOTS * (i + 1)) / masters);
  const slots = Array.from({ length: end - first }, (_, slot) => String(first + slot));
  await node.command('CLUSTER', 'ADDSLOTS', ...slots);
}

/** Everybody meets everybody: waiting for gossip to spread the word takes seconds. */
async function introduce(connections: readonly RedisConnection[], nodes: readonly RedisServer[]): Promise<void> {
  for (const [i, node] of connections.entries())
    for (const { port } of nodes.slice(i + 1)) await node.command('CLUSTER', 'MEET', '127.0.0.1', String(port));
}

/** A node can replicate a master only once it knows it; the caller's signal ends the wait by ending the nodes. */
async function replicate(node: RedisConnection, masterId: string, known: number): Promise<void> {
  const knows = async () =>
    String(await node.command('CLUSTER', 'NODES'))
      .trim()
      .split('\n');
  for (;;) {
    const lines = await knows();
    if (lines.length >= known && lines.some((line) => line.startsWith(`${masterId} `))) break;
    await delay(20);
  }
  await node.command('CLUSTER', 'REPLICATE', masterId);
}

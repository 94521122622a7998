import { Cluster, type Redis } from 'ioredis';

/**
 * Lets a connection, or all those of a cluster, and what is made from it be ended between two attempts to get it back.
 * ioredis then forgets the next attempt and says nothing: its `end` never comes, and what waits for an answer waits for
 * ever, as a worker of BullMQ does that is to stop soon after Redis was away.
 */
export function endable<Client extends Redis | Cluster>(client: Client): Client {
  const duplicate = client.duplicate.bind(client) as (...how: unknown[]) => Redis & Cluster;
  client.duplicate = (...how: unknown[]) => endable(duplicate(...how));
  if (client instanceof Cluster) endClusterBetweenAttempts(client);
  else endBetweenAttempts(client);
  return client;
}

function endBetweenAttempts(client: Redis): void {
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    const between = client.status === 'reconnecting';
    disconnect(reconnect);
    if (!between || reconnect) return;
    // An attempt that is called off before it has begun ends as every other that failed for good.
    client.connect().catch(() => undefined);
    disconnect();
  };
}

/** A cluster without connections waits for the last of them to be gone. One that has never had any need not. */
function endClusterBetweenAttempts(client: Cluster): void {
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    if (client.status === 'reconnecting' && !reconnect) client.status = 'wait';
    disconnect(reconnect);
  };
}

import type { Redis } from 'ioredis';

/**
 * Lets a connection, and those that are made from it, be ended between two attempts to get it back. That of ioredis then
 * forgets the next attempt and says nothing: its `end` never comes, and what waits for an answer waits for ever, as a
 * worker of BullMQ does that is to stop soon after Redis was away.
 */
export function endable(client: Redis): Redis {
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => {
    const other = duplicate(override);
    endBetweenAttempts(other);
    return other;
  };
  endBetweenAttempts(client);
  return client;
}

function endBetweenAttempts(client: Pick<Redis, 'status' | 'connect' | 'disconnect'>): void {
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

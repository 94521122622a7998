import { InvalidationBus } from '#hot-cache';
import type { Redis } from 'ioredis';
import { isCluster, type RedisClient } from '../connection/connect-redis.ts';

const ATTEMPTS = 3;

/**
 * The bus on classic Pub/Sub; sharded Pub/Sub reconnects about a hundred times a second during a fail-over. On a cluster any
 * node takes a message and all subscribers get it, in no order across nodes; so one that cannot be handed to a node is
 * handed to another, and may then come twice.
 */
export class RedisInvalidationBus extends InvalidationBus {
  constructor(
    private readonly publisher: RedisClient,
    private readonly channel: string,
  ) {
    super();
  }

  async publish(message: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.publisher.publish(this.channel, message);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  async subscribe(listen: (message: string) => void): Promise<() => Promise<void>> {
    const subscriber = isCluster(this.publisher) ? this.publisher : openSubscriber(this.publisher);
    const onMessage = (channel: string, message: string): void => {
      if (channel === this.channel) listen(message);
    };
    subscriber.on('message', onMessage);
    await subscriber.subscribe(this.channel);
    return async () => {
      subscriber.off('message', onMessage);
      if (subscriber !== this.publisher) subscriber.disconnect();
      else await subscriber.unsubscribe(this.channel).catch(() => undefined);
    };
  }
}

/** A connection that subscribes can do nothing else; a cluster's client keeps one of its own for that. */
function openSubscriber(publisher: Redis): Redis {
  const subscriber = publisher.duplicate({
    autoResubscribe: true,
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
  });
  subscriber.on('error', () => undefined); // It reconnects by itself; silence on the bus is noticed where it matters.
  return subscriber;
}

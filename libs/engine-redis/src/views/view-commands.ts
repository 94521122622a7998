import type { RedisClient } from '../connection/connect-redis.ts';
import { readScript } from '../connection/scripts.ts';

/** The view scripts as commands of a client. */
export interface ViewCommands {
  viewsAdd(bucket: string, gains: Buffer, postsMax: number): Promise<number>;
  viewsTake(bucket: string, aside: string, flush: string): Promise<number>;
  viewsTakenBuffer(
    aside: string,
    flush: string,
    flushId: string,
    cursor: string,
    count: number,
    restMs: number,
  ): Promise<Buffer[]>;
  viewsFinish(aside: string, flush: string, flushId: string): Promise<null>;
  viewsWaiting(bucket: string, aside: string, ...posts: Buffer[]): Promise<number[]>;
  viewsGrow(count: string, buckets: number): Promise<null>;
}

export function defineViewCommands<Client extends RedisClient>(client: Client): Client & ViewCommands {
  client.defineCommand('viewsAdd', readScript('views-add', 1));
  client.defineCommand('viewsTake', readScript('views-take', 3));
  client.defineCommand('viewsTaken', readScript('views-taken', 2));
  client.defineCommand('viewsFinish', readScript('views-finish', 2));
  client.defineCommand('viewsWaiting', readScript('views-waiting', 2));
  client.defineCommand('viewsGrow', readScript('views-grow', 1));
  return client as Client & ViewCommands;
}

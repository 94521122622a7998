import { readScript } from '../connection/scripts.ts';
import type { RedisClient } from '../connection/connect-redis.ts';

type Argument = Buffer | string | number;

/** How many inboxes took an entry, and how many were none and have been dropped. */
export type Delivered = [taken: number, dropped: number];

/** The inbox scripts as commands of a client. */
export interface InboxCommands {
  inboxDeliver(keyCount: number, ...keysAndArguments: Argument[]): Promise<Delivered>;
  inboxWithdraw(keyCount: number, ...keysAndArguments: Argument[]): Promise<null>;
  inboxReadBuffer(inbox: Buffer, older: Buffer, before: Buffer, limit: number, idleMs: number): Promise<Buffer[]>;
  inboxOpenBuffer(inbox: Buffer, header: Buffer, idleMs: number): Promise<Buffer>;
  inboxMerge(
    inbox: Buffer,
    entries: Buffer,
    floor: Buffer,
    covered: Buffer,
    coveredAt: Buffer,
    bytesMax: number,
    bytesKept: number,
  ): Promise<number>;
  inboxPurge(inbox: Buffer, author: Buffer, relations: Buffer, covered: Buffer): Promise<null>;
  inboxTouchBuffer(inbox: Buffer, relations: Buffer): Promise<Buffer>;
  olderExtend(older: Buffer, header: Buffer, entries: Buffer, ttlMs: number, bytesMax: number): Promise<null>;
}

/** Defines the scripts on a client, which sends them by their hash and in full only where a server does not know them. */
export function defineInboxCommands<Client extends RedisClient>(client: Client): Client & InboxCommands {
  client.defineCommand('inboxDeliver', readScript('inbox-deliver', 'n'));
  client.defineCommand('inboxWithdraw', readScript('inbox-withdraw', 'n'));
  client.defineCommand('inboxRead', readScript('inbox-read', 2));
  client.defineCommand('inboxOpen', readScript('inbox-open', 1));
  client.defineCommand('inboxMerge', readScript('inbox-merge', 1));
  client.defineCommand('inboxPurge', readScript('inbox-purge', 1));
  client.defineCommand('inboxTouch', readScript('inbox-touch', 1));
  client.defineCommand('olderExtend', readScript('older-extend', 1));
  return client as Client & InboxCommands;
}

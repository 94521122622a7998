import { type Socket, connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RedisNode } from './redis-url.ts';
import { NotRespError, type Reply, ReplyError, readReply } from './resp-reply.ts';

/**
 * A connection to look at and set up a Redis with, one command at a time. It exists because what starts a Redis runs
 * below the engine that uses it, and before anything is known about it.
 */
export class RedisConnection {
  #received = Buffer.alloc(0);
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  #broken: Error | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (error) => this.#break(error));
    socket.on('close', () => this.#break(new Error('the connection was closed')));
    socket.on('timeout', () => this.#break(new Error('no answer in time')));
  }

  /** Connects, and signs in when there is a password. A connection that is silent for `timeoutMs` is given up. */
  static async open(node: RedisNode, timeoutMs = 3000): Promise<RedisConnection> {
    const { host, port, tls, username, password } = node;
    const socket = tls ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
    const connection = new RedisConnection(socket.setTimeout(timeoutMs));
    if (password) await connection.command('AUTH', ...(username ? [username] : []), password);
    return connection;
  }

  /** Throws a ReplyError for an error of the server's, and something else when there is no answer. */
  async command(...args: readonly string[]): Promise<Exclude<Reply, ReplyError>> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#broken) reject(this.#broken);
      else this.socket.write(request(args));
    });
    if (reply instanceof ReplyError) throw reply;
    return reply;
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    try {
      const read = readReply(this.#received);
      if (!read) return;
      this.#received = this.#received.subarray(read.next);
      this.#waiting?.resolve(read.reply);
    } catch (error) {
      this.#break(error instanceof Error ? error : new NotRespError());
    }
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#waiting?.reject(this.#broken);
    this.socket.destroy();
  }
}

function request(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;
}

import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { UserId } from '#ids';
import { newId } from '../contract/store-engine.ts';
import type { TestCassandra } from './test-cassandra.ts';

const ROUNDS = 20;
const AT_ONCE = 50;

/** Between clients and a node; can say what the node did not say. */
class Interpreter {
  readonly #clients = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(host: string, port: number): Promise<Interpreter> {
    const server = createServer();
    const interpreter = new Interpreter(server);
    server.on('connection', (client) => interpreter.#interpret(client, connect(port, host)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return interpreter;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What Cassandra says, with this stream id, when a request has waited for too long. */
  sayOverloaded(streamId: number): void {
    const text = Buffer.from('Query timed out before it could start');
    const frame = Buffer.alloc(9 + 4 + 2);
    frame.writeUInt8(0x84, 0); // an answer, version 4
    frame.writeInt16BE(streamId, 2);
    frame.writeInt32BE(4 + 2 + text.length, 5); // the opcode before it is that of an error, 0
    frame.writeInt32BE(0x1001, 9); // overloaded
    frame.writeInt16BE(text.length, 13);
    for (const client of this.#clients) client.write(Buffer.concat([frame, text]));
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Hands on whole frames, so that others fit between them. */
  #interpret(client: Socket, node: Socket): void {
    this.#clients.add(client);
    let rest = Buffer.alloc(0);
    node.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      let end = 0;
      while (rest.length >= end + 9 && rest.length >= end + 9 + rest.readInt32BE(end + 5))
        end += 9 + rest.readInt32BE(end + 5);
      client.write(rest.subarray(0, end));
      rest = rest.subarray(end);
    });
    client.on('data', (bytes) => node.write(bytes));
    const end = (): void => {
      this.#clients.delete(client);
      client.destroy();
      node.destroy();
    };
    for (const socket of [client, node]) socket.on('close', end).on('error', end);
  }
}

export function hearsNoStrayAnswers(node: () => TestCassandra): void {
  it('gives everybody their own answers, whatever Cassandra answers to nobody', async () => {
    const { options, open } = node();
    const [host = '', port] = (options.contactPoints[0] ?? '').split(':');
    const interpreter = await Interpreter.start(host, Number(port ?? 9042));
    const stores = await open({ contactPoints: [`127.0.0.1:${interpreter.port}`] });
    const ids = Array.from({ length: AT_ONCE }, () => newId<UserId>());
    const user = (id: UserId) => ({ id, handle: `s${id}`, displayName: String(id), passwordHash: 'x' });
    await Promise.all(ids.map((id) => stores.users.create(user(id))));
    for (let round = 0; round < ROUNDS; round++) {
      interpreter.sayOverloaded(0);
      const found = await Promise.all(ids.map((id) => stores.users.find(id)));
      expect(found.map((one) => one?.id)).toEqual(ids);
    }
    await stores.close();
    await interpreter.stop();
  });
}

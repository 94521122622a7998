import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands for a service: notes what arrives, and answers as it is told. */
export class StubOrigin {
  readonly requests: IncomingMessage[] = [];
  handler: Handler = (_request, response) => response.end(JSON.stringify({ service: this.name }));

  private constructor(
    readonly name: string,
    private readonly server: Server,
  ) {
    server.on('request', (request, response) => {
      this.requests.push(request);
      request.resume();
      this.handler(request, response);
    });
  }

  static async start(name: string): Promise<StubOrigin> {
    const stub = new StubOrigin(name, createServer());
    stub.server.listen(0, '127.0.0.1');
    await once(stub.server, 'listening');
    return stub;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How often it was asked for this. */
  count(url: string): number {
    return this.requests.filter((request) => request.url === url).length;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

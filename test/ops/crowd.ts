import { connect, type Socket } from 'node:net';

const SOCKETS = 4;
const ANSWER = 'HTTP/1.1 ';

/** Readers of one thing, as many as a server can take: requests are pipelined, and answers only counted. */
export class Crowd {
  readonly #sockets: Socket[];
  answered = 0;

  /** @param pipelined requests under way on each of four connections */
  constructor(
    url: string,
    path: string,
    private readonly pipelined = 25,
  ) {
    const { hostname, port, host } = new URL(url);
    const requests = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(pipelined);
    this.#sockets = Array.from({ length: SOCKETS }, () => this.#read(connect(Number(port), hostname), requests));
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #read(socket: Socket, requests: string): Socket {
    let [open, rest] = [this.pipelined, ''];
    socket.on('connect', () => socket.write(requests));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const parts = (rest + chunk).split(ANSWER);
      rest = (parts.at(-1) ?? '').slice(1 - ANSWER.length);
      open -= parts.length - 1;
      this.answered += parts.length - 1;
      if (open > 0) return;
      open += this.pipelined;
      socket.write(requests);
    });
    socket.on('error', () => undefined); // the server may go first
    return socket;
  }
}

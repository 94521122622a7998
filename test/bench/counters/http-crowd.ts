import { connect, type Socket } from 'node:net';

export interface CrowdFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Connections that each send their own requests one after the other, round and round, until the time is over. Speaks just
 * enough HTTP/1.1 to leave the processors to the server. Rejects at the first answer that is not 200.
 *
 * @param requests for each connection, the bytes of whole requests.
 */
export async function crowd(
  origin: string,
  requests: readonly (readonly Buffer[])[],
  forMs: number,
): Promise<CrowdFigures> {
  const latencies: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + forMs;
  await Promise.all(requests.map((own) => visit(new URL(origin), own, endMs, latencies)));
  const ms = performance.now() - startMs;
  latencies.sort((a, b) => a - b);
  const quantile = (q: number) => latencies[Math.floor(q * (latencies.length - 1))] ?? 0;
  return { perSecond: (1000 * latencies.length) / ms, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

async function visit(origin: URL, requests: readonly Buffer[], endMs: number, latencies: number[]): Promise<void> {
  const socket = connect({ host: origin.hostname, port: Number(origin.port), noDelay: true });
  try {
    for (let turn = 0; performance.now() < endMs; turn++) {
      const atMs = performance.now();
      await exchange(socket, requests[turn % requests.length] ?? Buffer.alloc(0));
      latencies.push(performance.now() - atMs);
    }
  } finally {
    socket.destroy();
  }
}

function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const done = (error?: Error): void => {
      socket.removeAllListeners();
      if (error) reject(error);
      else resolve();
    };
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      const head = answer.indexOf('\r\n\r\n');
      const length = /\r\ncontent-length: (\d+)/i.exec(answer);
      if (head < 0 || length === null || answer.length < head + 4 + Number(length[1])) return;
      done(answer.startsWith('HTTP/1.1 200') ? undefined : new Error(answer));
    });
    socket.on('error', done);
    socket.on('close', () => done(new Error('the connection was closed')));
    socket.write(request);
  });
}

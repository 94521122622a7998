import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { ManualClock, until } from '#test';
import { SseSink } from './event-sink.ts';

const POST = JSON.stringify({ text: 'x'.repeat(10_000) });

describe('SseSink', () => {
  const clock = new ManualClock();
  let server: Server;
  let reader: Socket;
  let response: ServerResponse;
  let dropped: number;
  let sink: SseSink;

  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
    reader.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    response.writeHead(200);
    dropped = 0;
    sink = new SseSink(response, clock, () => dropped++);
  });

  afterEach(() => {
    reader.destroy();
    server.close();
  });

  const fill = (): void => {
    for (let i = 0; i < 10_000 && dropped === 0; i++) sink.post('e.1-1', POST);
  };

  it('drops a reader who takes nothing, before much waits for them', async () => {
    fill();
    expect(dropped).toBe(1);
    expect(response.writableLength).toBeLessThan((1 << 20) + 50_000);
    sink.post('e.1-2', POST); // nothing happens any more
    expect(dropped).toBe(1);
    const gone = once(response, 'close');
    await clock.advance(2_000);
    await gone;
    expect(response.destroyed).toBe(true);
  });

  it('tells a reader who still reads why they were dropped', async () => {
    fill();
    let text = '';
    reader.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-100)));
    await until(() => text.includes('event: dropped\ndata: {"reason":"too_slow"}'));
  });

  it('ends also for a reader who takes nothing', async () => {
    for (let i = 0; i < 50; i++) sink.post('e.1-1', POST);
    sink.end();
    sink.end(); // may be repeated
    const gone = once(response, 'close');
    await clock.advance(2_000);
    await gone;
    expect(clock.timers).toBe(0);
  });
});

// The server's end; needs what `npm run build` makes.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

jest.setTimeout(60_000);

let redis: TestRedis;
let server: ServerProcess;
const data = tempDir();
const env = () => ({ REDIS_URL: redis.url, DATA_DIR: data.path });

beforeAll(async () => {
  redis = await startTestRedis();
  server = await ServerProcess.start('standalone', env());
}, 60_000);

beforeEach(() => server.ensureRunning());

afterAll(async () => {
  await server.stop();
  await redis.stop();
  data.remove();
});

let names = 0;
const register = () => ApiClient.register(server.url, `s${Date.now().toString(36)}_${names++}`);

/** A request whose last byte is kept back, and all that is answered to it. */
class HalfRequest {
  #answer = '';

  private constructor(
    private readonly socket: Socket,
    private readonly rest: string,
  ) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.#answer += text));
    socket.on('error', () => undefined);
  }

  static async begin(token: string, text: string): Promise<HalfRequest> {
    const body = JSON.stringify({ text });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /v1/posts HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json`;
    socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, -1)}`);
    return new HalfRequest(socket, body.slice(-1));
  }

  async finish(): Promise<string> {
    const closed = once(this.socket, 'close');
    this.socket.write(this.rest);
    await closed;
    return this.#answer;
  }
}

/** Resolves once the server takes no new connections. */
const isStopping = () =>
  until(
    () =>
      fetch(`${server.url}/healthz`).then(
        () => false,
        () => true,
      ),
    Boolean,
    { everyMs: 20 },
  );

describe('SIGTERM', () => {
  it('answers what is under way, loses no post, and ends with 0, also when it comes twice', async () => {
    const ann = await register();
    const half = await HalfRequest.begin(ann.bearer, 'the last one');
    await fetch(`${server.url}/healthz`); // by then the server has read the half
    const ended = server.stop();
    await isStopping();
    server.signal('SIGTERM');
    server.signal('SIGINT');
    expect(await half.finish()).toMatch(/^HTTP\/1\.1 201 /);
    expect(await ended).toBe(0);
    await server.restart();
    const { items } = await ann.feed();
    expect(items.map((post) => post.text)).toEqual(['the last one']);
  });

  it('answers crowds of requests or refuses their connections, and keeps what it acknowledged', async () => {
    const ann = await register();
    await ann.post('the first one');
    const acknowledged: string[] = [];
    let stopped = false;
    const writer = async (name: number): Promise<void> => {
      for (let i = 0; !stopped; i++) {
        const answer = await ann.request('POST', '/v1/posts', { text: `${name}-${i}` }).catch(() => undefined);
        if (!answer) return; // no connection any more
        expect(answer.status).toBe(201);
        acknowledged.push(answer.json.id as string);
      }
    };
    const writers = Promise.all(Array.from({ length: 8 }, (_, i) => writer(i)));
    await until(() => acknowledged.length > 50);
    expect(await server.stop()).toBe(0);
    stopped = true;
    await writers;
    await server.restart();
    const posts = await ann.allPosts();
    expect(acknowledged.filter((id) => !posts.includes(id))).toEqual([]);
  });

  it('ends streams', async () => {
    const ann = await register();
    const stream = await fetch(`${server.url}/v1/feed/stream`, { headers: { authorization: `Bearer ${ann.bearer}` } });
    const text = stream.text();
    expect(await server.stop()).toBe(0);
    expect(await text).toContain('id: ');
  });

  it('does not wait for those who stopped in the middle of a request or of an answer', async () => {
    const ann = await register();
    await HalfRequest.begin(ann.bearer, 'never sent');
    const stuck = connect(Number(new URL(server.url).port), '127.0.0.1');
    stuck.pause().on('error', () => undefined);
    const page = `GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n`;
    stuck.write(page.repeat(200));
    await once(stuck, 'connect');
    const startedAtMs = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - startedAtMs).toBeLessThan(25_000);
  });
});

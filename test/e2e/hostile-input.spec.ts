// Seeded hostile requests over all routes of a running server; needs what `npm run build` makes.
import { request } from 'node:http';
import { ApiClient, seededChance, ServerProcess, startTestRedis, tempDir, type TestRedis } from '#test';

jest.setTimeout(120_000);

const REQUESTS = Number(process.env.HOSTILE_REQUESTS ?? 1_000);
const AT_ONCE = 8;
const HANG_MS = 30_000;
const seed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000);

let redis: TestRedis;
let server: ServerProcess;
let people: ApiClient[];
let posts: string[];
const data = tempDir();

beforeAll(async () => {
  redis = await startTestRedis();
  server = await ServerProcess.start('standalone', { REDIS_URL: redis.url, DATA_DIR: data.path });
  people = await Promise.all([0, 1, 2].map((i) => ApiClient.register(server.url, `hostile_${i}`)));
  posts = await Promise.all(people.map(async (one) => (await one.post('hello')).id));
}, 120_000);

afterAll(async () => {
  await server.stop();
  await redis.stop();
  data.remove();
});

const chance = seededChance(seed);
const below = (count: number) => Math.floor(chance() * count);
const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
const often = <T>(usual: readonly T[], odd: readonly T[]) => pick(chance() < 0.6 ? usual : odd);
const bytes = (count: number) => Buffer.from(Array.from({ length: below(count) }, () => below(256)));

const ODD = [
  ...['', '0', '-1', '1e5', '0x1', '9223372036854775808', '18446744073709551615', '..', '%2e%2e', '%', '%zz', '%ff'],
  ...['%00', '%20', '@', '@@', `@${'a'.repeat(31)}`, '__proto__', 'constructor', 'null', '%0d%0aX-Injected:%201', '\\'],
  ...['a'.repeat(300), '%F0%9F%98%80', '<script>', '*', ';', '[]', 'NaN'],
];
const PATHS = [
  '/v1/me',
  '/v1/users',
  '/v1/sessions',
  '/v1/posts',
  '/v1/feed',
  '/v1/ops/prewarm',
  '/v1/ops/import/posts',
];
const BELOW_A_USER = ['', '/follow', '/block', '/mute', '/followers', '/following', '/posts', '/x'];
const BELOW_A_POST = ['', '/like', '/likes', '/replies', '/x'];
const OTHER = [
  '/healthz',
  '/metrics',
  '/openapi.json',
  '/ops',
  '/ops/queues',
  '/v1/ops/overview',
  '/v1/ops/vacuum',
  '//',
];

function target(): string {
  const path = pick([
    () => pick(PATHS),
    () => `/v1/users/${often([pick(people).id, '@hostile_1'], ODD)}${pick(BELOW_A_USER)}`,
    () => `/v1/posts/${often(posts, ODD)}${pick(BELOW_A_POST)}`,
    () => pick(OTHER),
    () => `${pick(['/docs/', '/ops/', '/v1/', '/'])}${pick(ODD)}`,
  ])();
  const field = () => `${pick(['limit', 'cursor', 'x', '__proto__', 'limit[]', ''])}=${pick([...ODD, '5', cursor()])}`;
  return chance() < 0.5 ? path : `${path}?${Array.from({ length: 1 + below(3) }, field).join('&')}`;
}
const cursor = () => pick(['AQN3jkzq_LAAZiwQOg', bytes(40).toString('base64url')]);

const KEYS = ['handle', 'password', 'displayName', 'text', 'replyTo', 'repostOf', 'posts', 'x', '', 'then', 'toJSON'];
const leaf = () =>
  pick<unknown>([null, true, 1.5, '', 'x', '\ud800', '\u0000', [], {}, [[]], { $ne: 1 }, 'a'.repeat(501), pick(posts)]);
const object = () => JSON.stringify(Object.fromEntries(Array.from({ length: below(5) }, () => [pick(KEYS), leaf()])));
const body = (): string | Buffer =>
  pick<() => string | Buffer>([
    object,
    object,
    () => object().slice(0, below(30)),
    () => `{"__proto__":${object()},"text":"x"}`,
    () => '['.repeat(below(30_000)),
    () => `{"text":"${'a'.repeat(below(100_000))}"}`,
    () => `{"text":1${'0'.repeat(below(20_000))}}`,
    () => bytes(200),
    () => pick(['null', '1', '"x"', '', ' ', '\ufeff{}', '{}{}', '{"text":"x","text":"y"}', 'NaN']),
  ])();

function headers(): Record<string, string> {
  const token = pick(people).bearer;
  const odd = ['Bearer', 'Basic eDp5', 'Bearer a.b.c', 'Bearer eyJhbGciOiJub25lIn0.e30.', `Bearer ${token}x`, token];
  const types = ['text/plain', '', '/', 'application/json; charset=utf-16', 'multipart/form-data', 'a'.repeat(1_000)];
  return {
    authorization: often([`Bearer ${token}`], odd),
    'content-type': often(['application/json'], types),
    ...(chance() < 0.2 && { 'idempotency-key': pick(['k', '', 'é', 'a\tb', 'x'.repeat(8_000)]) }),
    ...(chance() < 0.2 && { 'if-none-match': pick(['*', '"', 'W/', '"'.repeat(999), ',,,']) }),
    ...(chance() < 0.1 && { 'x-forwarded-for': pick(['x', ',', '::1', 'a'.repeat(3_000)]) }),
    ...(chance() < 0.1 && { 'x-request-id': pick(['<script>', 'é', 'a'.repeat(5_000)]) }),
  };
}

interface Outcome {
  readonly what: string;
  readonly status: number | 'hangs' | 'refused';
  readonly type: string;
  readonly text: string;
  readonly injected: boolean;
}

/** Sends a request as it stands: no client tidies it up. */
function send(method: string, path: string): Promise<Outcome> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const end = (status: Outcome['status'], text = '', type = '', injected = false) =>
      resolve({ what: `${method} ${path}`.slice(0, 200), status, text, type, injected });
    const asked = request({ hostname, port, method, path, headers: headers(), timeout: HANG_MS }, (answer) => {
      let text = '';
      answer.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
      answer.on('close', () => {
        end(answer.statusCode ?? 0, text, answer.headers['content-type'], 'x-injected' in answer.headers);
      });
    });
    asked.on('timeout', () => (end('hangs'), asked.destroy()));
    asked.on('error', () => end('refused')); // it answers and closes while we still send
    if (method !== 'GET' && method !== 'HEAD') asked.write(body());
    asked.end();
  });
}

const isFine = ({ what, status, type, text, injected }: Outcome): boolean => {
  if (status === 'hangs' || injected || /\bat .*\.[tj]s:\d+|node_modules/.test(text)) return false;
  if (status === 'refused' || status < 400) return true;
  return status < 500 && (what.startsWith('HEAD') || type.startsWith('application/problem+json'));
};

describe(`hostile requests (HOSTILE_SEED=${seed})`, () => {
  it('are refused: never a 500, a stack or a hang, and no secret in the log', async () => {
    const strange: Outcome[] = [];
    let left = REQUESTS;
    const attacker = async (): Promise<void> => {
      while (left-- > 0) {
        const outcome = await send(
          pick(['GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']),
          target(),
        );
        if (!isFine(outcome)) strange.push(outcome);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attacker));
    expect(strange).toEqual([]);
    expect((await people[0]!.post('still here')).text).toBe('still here');
    const secrets = ['correct horse', ...people.map((one) => one.bearer)];
    expect(secrets.filter((secret) => server.output.includes(secret))).toEqual([]);
    expect(server.output).not.toContain('"level":"error"');
  });
});

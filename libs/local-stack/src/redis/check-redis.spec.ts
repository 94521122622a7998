import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-ports.ts';
import { StackError } from '../stack-error.ts';
import { checkRedis } from './check-redis.ts';
import { findRedisProgram } from './redis-program.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'check-redis-'));
const options = { env: process.env, say: () => undefined, name: 'test' };
const redises: RedisServer[] = [];
const stubs: Server[] = [];
let open: RedisServer; // evicts nothing
let evicting: RedisServer; // and wants a password
let clustered: RedisServer;

beforeAll(async () => {
  const program = (await findRedisProgram(options))!;
  const start = async (name: string, ...settings: string[]) => {
    const redis = await startRedisServer(program, { ...options, dir: join(dir, name), settings });
    redises.push(redis);
    return redis;
  };
  open = await start('open');
  evicting = await start('evicting', '--maxmemory-policy', 'allkeys-lru');
  clustered = await start('clustered', '--cluster-enabled', 'yes');
});

afterAll(async () => {
  await Promise.all(redises.map(({ server }) => server.stop()));
  for (const stub of stubs) stub.close();
  rmSync(dir, { recursive: true });
});

/** A listener that answers everything with the same bytes, for servers that cannot be had here. */
function stub(answer: string): Promise<string> {
  const server = createServer((socket) => socket.on('data', () => socket.write(answer)).on('error', () => undefined));
  stubs.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

async function problem(url: string, role: Parameters<typeof checkRedis>[1] = 'queue'): Promise<string> {
  const error: unknown = await checkRedis(url, role).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StackError);
  return (error as StackError).message;
}

const info = (version: string) => {
  const text = `# Server\r\nredis_version:${version}\r\nmaxmemory_policy:noeviction\r\n`;
  return `$${text.length}\r\n${text}\r\n`;
};

describe('checkRedis', () => {
  it('is content with a Redis that fits its role', async () => {
    await checkRedis(open.url, 'queue');
    await checkRedis(`${open.url}/3`, 'inbox');
    await checkRedis(evicting.url, 'inbox');
    await checkRedis(evicting.url, 'cache');
    await checkRedis(await stub(info('6.2.0')), 'queue');
  });

  it('refuses a Redis that may evict jobs', async () => {
    const { host } = new URL(evicting.url);
    expect(await problem(evicting.url)).toBe(
      `The Redis at ${host} (REDIS_URL) may evict the queue's jobs: its maxmemory-policy is allkeys-lru. ` +
        'Set it to noeviction, or use another Redis for the queue.',
    );
  });

  it.each(['5.0.7', '6.0.16', '2.8', ''])('refuses version %s', async (version) => {
    expect(await problem(await stub(info(version)), 'cache')).toContain(
      `(CACHE_REDIS_URL) is version ${version}; at least 6.2 is needed.`,
    );
  });

  it('tells that nobody answers, and names no password', async () => {
    const port = await freePort();
    expect(await problem(`redis://me:s3cret@127.0.0.1:${port}`, 'inbox')).toBe(
      `The Redis at 127.0.0.1:${port} (INBOX_REDIS_URL) cannot be reached (ECONNREFUSED).`,
    );
    expect(await problem('redis://no-such-host.invalid')).toContain('no-such-host.invalid:6379 (REDIS_URL) cannot be');
  });

  it('tells that the password is wrong, and does not repeat it', async () => {
    expect(await problem(evicting.url.replace('://', '://me:s3cret@'))).toMatch(/refuses us \(WRONGPASS\)[^3]*$/);
    const wanting = await stub('-NOAUTH Authentication required.\r\n');
    expect(await problem(wanting)).toContain('refuses us (NOAUTH): check user and password.');
  });

  it('tells that it is no Redis', async () => {
    expect(await problem(await stub('HTTP/1.1 400 Bad Request\r\n\r\n'))).toContain('not as a Redis does');
    expect(await problem(await stub('SSH-2.0-OpenSSH_9.2'))).toContain('not as a Redis does');
  });

  it('tells when a list names single servers, or one address a cluster', async () => {
    expect(await problem(clustered.url)).toContain('is a node of a cluster');
    expect(await problem(`${open.url},${evicting.url}`)).toContain('is not in cluster mode');
  });

  it('needs one node of a cluster to answer, and looks at all that do', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    await checkRedis(`${nobody},127.0.0.1:${clustered.port}`, 'queue');
    expect(await problem(`${nobody},${nobody}`)).toContain(`${nobody}, ${nobody} (REDIS_URL) cannot be reached`);
    expect(await problem(`${clustered.url},${open.url}`)).toContain(`${open.port} (REDIS_URL) is not in cluster mode`);
  });

  it.each(['', 'http://127.0.0.1', 'redis://', 'redis://host:99999', ',,'])(
    'says that %p is no address, without showing it',
    async (url) => {
      expect(await problem(url, 'cache')).toBe(
        'CACHE_REDIS_URL is no Redis address. It looks like redis://host:6379, for a cluster like host:1,host:2.',
      );
    },
  );
});

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../find-program.ts';
import type { Environment } from '../stack-options.ts';
import { StackError } from '../stack-error.ts';
import { type ProvidedRedis, provideRedis } from './provide-redis.ts';
import { readInfo } from './redis-info.ts';
import { RedisConnection } from './redis-connection.ts';
import { parseRedisUrl } from './redis-url.ts';

const dir = mkdtempSync(join(tmpdir(), 'provide-redis-'));
const real = findProgram(['redis-server'], process.env)!;
const provided: ProvidedRedis[] = [];
let said: string[] = [];
let nextDir = 0;

/** An empty directory, to be all of PATH: the machine then has just the programs that a test puts there. */
function machine(programs: Record<string, string>): string {
  const bin = join(dir, `bin-${nextDir++}`);
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    if (script.startsWith('/')) symlinkSync(script, join(bin, name));
    else {
      writeFileSync(join(bin, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
  }
  return bin;
}

async function provide(env: Environment): Promise<ProvidedRedis> {
  said = [];
  const redis = await provideRedis({ env, say: (line) => said.push(line), dir: join(dir, `data-${nextDir++}`) });
  provided.push(redis);
  return redis;
}

const infoOf = (url: string | undefined) => readInfo(parseRedisUrl(url!, '')[0]!);

afterEach(async () => {
  await Promise.all(provided.splice(0).map((redis) => redis.stop()));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('provideRedis', () => {
  it('starts one that never evicts for queue and inboxes, and one that does for the cache', async () => {
    const { source, variables } = await provide({ PATH: machine({ 'redis-server': real }) });
    expect(source).toBe('path');
    expect(Object.keys(variables)).toEqual(['REDIS_URL', 'CACHE_REDIS_URL']);
    const [queue, cache] = await Promise.all([infoOf(variables.REDIS_URL), infoOf(variables.CACHE_REDIS_URL)]);
    expect(queue.get('maxmemory_policy')).toBe('noeviction');
    expect(cache.get('maxmemory_policy')).toBe('allkeys-lfu');
    expect(cache.get('maxmemory')).toBe(String(256 * 2 ** 20));
    expect(Number(queue.get('maxmemory'))).toBeGreaterThan(0);
    expect(said).toEqual([]);
  });

  it('takes a valkey-server, and leaves out what is given', async () => {
    const own = await provide({ PATH: machine({ 'redis-server': real }) });
    const env = { PATH: machine({ 'valkey-server': real }), CACHE_REDIS_URL: own.variables.CACHE_REDIS_URL };
    expect(Object.keys((await provide(env)).variables)).toEqual(['REDIS_URL']);
  });

  it('uses the Redis of REDIS_URL, and does not end it', async () => {
    const own = await provide({ PATH: machine({ 'redis-server': real }) });
    const { source, variables, stop } = await provide({ ...own.variables, PATH: '' });
    expect([source, variables]).toEqual(['environment', {}]);
    await stop();
    await infoOf(own.variables.REDIS_URL);
  });

  it('refuses given ones that do not fit, all at once', async () => {
    const { variables } = await provide({ PATH: machine({ 'redis-server': real }) });
    const wrong = provide({ REDIS_URL: variables.CACHE_REDIS_URL, CACHE_REDIS_URL: 'nonsense://' });
    await expect(wrong).rejects.toThrow(StackError);
    await expect(wrong).rejects.toThrow(/^The Redis at .* may evict .*\nCACHE_REDIS_URL is no Redis address/);
  });

  it('passes an old one over', async () => {
    const old = `echo 'Redis server v=5.0.7 sha=0 malloc=libc bits=64'`;
    const { source } = await provide({ PATH: machine({ 'redis-server': old, 'valkey-server': real }) });
    expect(source).toBe('path');
    expect(said).toEqual([expect.stringMatching(/redis-server is too old \(5\.0\.7\); looking further\.$/)]);
  });

  it('installs the package as root, having said so, with fresh lists when it must', async () => {
    const bin = machine({});
    const aptGet = `if [ "$1" = update ]; then touch ${bin}/lists; elif [ -e ${bin}/lists ]; then ln -s ${real} ${bin}/redis-server; else exit 100; fi`;
    writeFileSync(join(bin, 'apt-get'), `#!/bin/sh\nPATH=/usr/bin:/bin\n${aptGet}\n`, { mode: 0o755 });
    const { source } = await provide({ PATH: bin });
    expect(source).toBe(process.getuid!() === 0 ? 'package' : 'javascript');
    expect(said[0]).toMatch(process.getuid!() === 0 ? /^Installing the system's package redis-server/ : /^$/);
  });

  it('starts a container when an engine answers', async () => {
    const docker = `
      if [ "$1" = version ]; then echo 27; exit; fi
      echo "$@" > "$0.args"
      port=\${6#127.0.0.1:}
      while [ "$1" != redis-server ]; do shift; done
      shift
      exec ${real} "$@" --bind 127.0.0.1 --port "\${port%:6379}"`;
    const { source, variables } = await provide({ PATH: machine({ docker }) });
    expect(source).toBe('docker');
    expect((await infoOf(variables.CACHE_REDIS_URL)).get('maxmemory_policy')).toBe('allkeys-lfu');
    expect(said).toHaveLength(1);
  });

  it('has a last resort, which it is loud about, on loopback only', async () => {
    const { source, variables } = await provide({ PATH: machine({ docker: 'exit 1' }) });
    expect(source).toBe('javascript');
    expect(Object.keys(variables)).toEqual(['REDIS_URL']);
    expect(said.join('\n')).toMatch(/NOTICE: there is no Redis.*\n.*For a real one: \S+/);
    const node = parseRedisUrl(variables.REDIS_URL!, '')[0]!;
    await expect(readInfo({ ...node, host: '127.0.0.2' })).rejects.toThrow('ECONNREFUSED');
    const connection = await RedisConnection.open(node);
    expect(await connection.command('EVAL', 'return {KEYS[1], 2}', '1', 'key')).toEqual(['key', 2]);
    connection.close();
  });

  it('tells when one ends by itself, and not when it is stopped', async () => {
    const env = { PATH: machine({ 'redis-server': real }) };
    const [first, second] = [await provide(env), await provide(env)];
    const words: string[] = [];
    void first.failed.then((word) => words.push(word));
    void second.failed.then((word) => words.push(word));
    await first.stop();
    const connection = await RedisConnection.open(parseRedisUrl(second.variables.REDIS_URL!, '')[0]!);
    await expect(connection.command('SHUTDOWN', 'NOSAVE')).rejects.toThrow('closed');
    expect(await second.failed).toMatch(/^Redis \(queue\) ended with exit code 0; its log is .*redis\.log\.$/);
    expect(words).toHaveLength(1);
  });

  it('gives up when told to, and leaves nothing behind', async () => {
    const signal = AbortSignal.abort();
    const options = { env: process.env, say: () => undefined, dir: join(dir, 'aborted'), signal };
    await expect(provideRedis(options)).rejects.toThrow('aborted');
  });
});

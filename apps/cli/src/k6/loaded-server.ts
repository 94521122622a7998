import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, LocalServer, provideRedis, type StackOptions } from '#local-stack';
import { Operator } from '../operator/operator.ts';
import { planSeed, type SeedSizes } from '../seeding/seed-plan.ts';
import { Seeder } from '../seeding/seeder.ts';
import { writeTokenFile } from '../seeding/token-file.ts';

/** A server with everything in it that the scenarios need. */
export interface LoadedServer {
  readonly baseUrl: string;
  readonly tokensFile: string;
  stop(): Promise<void>;
}

export interface LoadOptions extends StackOptions {
  readonly dir: string;
  readonly short: boolean;
}

const SIZES: SeedSizes = { users: 2000, celebrities: 10, followers: 1000, posts: 10_000 };
const SIZES_SHORT: SeedSizes = { users: 200, celebrities: 10, followers: 100, posts: 1000 };

/** The standalone app with a Redis of its own, empty at first, gone at the end. Celebrities are pull authors in it. */
export async function startOwnServer(options: LoadOptions): Promise<LoadedServer> {
  const { dir, env, say, signal, short } = options;
  const { followers } = short ? SIZES_SHORT : SIZES;
  rmSync(dir, { recursive: true, force: true });
  const redis = await provideRedis({ env, say, signal, dir: join(dir, 'redis') });
  const stops = [() => redis.stop()];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
    rmSync(join(dir, 'data'), { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    const settings = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: join(dir, 'data'), STORE: 'lmdb' };
    const load = { RATE_LIMITS: 'off', LOG_LEVEL: 'warn' };
    const promotion = { PROMOTE_FOLLOWERS: String(followers / 2), DEMOTE_FOLLOWERS: String(followers / 4) };
    const own = { ...env, ...redis.variables, ...settings, ...load, ...promotion };
    const server = await startStandalone(port, own, options);
    stops.push(() => server.stop());
    const tokensFile = await seed({ ...own, BASE_URL: undefined }, options);
    return { baseUrl: `http://127.0.0.1:${port}`, tokensFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A running server, brought to what the scenarios need; it keeps what it has. */
export async function seedRunning(baseUrl: string, options: LoadOptions): Promise<LoadedServer> {
  const tokensFile = await seed({ ...options.env, BASE_URL: baseUrl }, options);
  return { baseUrl, tokensFile, stop: () => Promise.resolve() };
}

function startStandalone(port: number, env: StackOptions['env'], { dir, signal, say }: LoadOptions) {
  say('Starting a server for this run ...');
  const ready = `http://127.0.0.1:${port}/readyz`;
  return LocalServer.start(
    {
      name: 'the server',
      command: process.execPath,
      args: [resolve('dist/apps/standalone/src/main.js')],
      env,
      logFile: join(dir, 'server.log'),
      graceMs: 30_000,
      readyWithinMs: 60_000,
      isReady: async () => (await fetch(ready)).ok,
    },
    signal,
  );
}

/** Through the same code paths as npm run seed; gives back the file of tokens. */
async function seed(env: NodeJS.ProcessEnv, { dir, short, say, signal }: LoadOptions): Promise<string> {
  say('Seeding ...');
  const operator = await Operator.open(env);
  const users = await new Seeder(operator).run(planSeed(undefined, short ? SIZES_SHORT : SIZES));
  signal?.throwIfAborted();
  const file = join(dir, 'tokens.json');
  await writeTokenFile(file, users, operator);
  return file;
}

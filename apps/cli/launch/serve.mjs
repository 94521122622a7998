import { once } from 'node:events';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { importBuilt } from './root.mjs';
import { stopSignal } from './stop-signal.mjs';
import { tell } from './tell.mjs';

/**
 * Installs, builds, provides a Redis and runs the server in this process until a signal, then ends all of it in reverse
 * order, so that the Redis sees the server's last write. Exit code 0 after a signal, 1 when something went wrong or
 * the end took longer than `deadlineMs`.
 */
export async function serve({ deadlineMs = 30_000 } = {}) {
  const { signal } = stopSignal();
  const stops = [];
  let exitCode = 0;
  signal.addEventListener('abort', () => exitHardAfter(deadlineMs));
  try {
    await start(stops, signal);
    if (!signal.aborted) await once(signal, 'abort');
    console.log('Stopping ...');
  } catch (error) {
    if (!signal.aborted) {
      exitHardAfter(deadlineMs);
      exitCode = 1;
      tell(error);
    }
  }
  for (const stop of stops.reverse()) {
    try {
      await stop();
    } catch (error) {
      exitCode = 1;
      tell(error);
    }
  }
  process.exit(exitCode);
}

/** Puts what ends each thing that was started on `stops`, also when a later one fails. */
async function start(stops, signal) {
  const say = (line) => console.log(line);
  await prepare(say, signal);
  const { readConfig } = await importBuilt('libs/config/src/index.js');
  const { dataDir } = readConfig(process.env); // throws before anything is started
  makeDataDir(dataDir);
  const { provideRedis } = await importBuilt('libs/local-stack/src/index.js');
  const app = await importBuilt('apps/standalone/src/main.js');
  const redis = await provideRedis({ env: process.env, dir: join(dataDir, 'redis'), say, signal });
  stops.push(redis.stop);
  redis.failed.then((how) => console.error(`${how} Feeds are served from the store until the next start.`));
  signal.throwIfAborted();
  const { url, stop } = await app.start({ ...process.env, ...redis.variables });
  stops.push(stop);
  signal.throwIfAborted();
  say(whereToLook(url, redis.source));
  say(`ready ${url}`);
}

function makeDataDir(dir) {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    const why = `the data directory ${dir} cannot be written (${error.code}); set DATA_DIR to another one`;
    throw new Error(why, { cause: error });
  }
}

function whereToLook(url, source) {
  const redis = source === 'environment' ? 'REDIS_URL' : 'started for this run, empty, gone at its end';
  return [
    '',
    `  API       ${url}/v1`,
    `  docs      ${url}/docs`,
    `  metrics   ${url}/metrics`,
    `  operate   ${url}/ops, with a token of: npm run --silent token -- --handle operator --ops`,
    `  Redis     ${redis}`,
    '  fill it   npm run seed -- --users 1000 --celebrities 3 --followers 500 --posts 5000',
    '  stop it   Ctrl-C',
    '',
  ].join('\n');
}

function exitHardAfter(ms) {
  setTimeout(() => {
    console.error(`Not everything ended within ${ms / 1000} s; giving up.`);
    process.exit(1);
  }, ms).unref();
}

import { createRequire } from 'node:module';
import { type RedisServer, type RedisServerOptions, launchRedis } from './redis-server.ts';

/** The package listens on every address of the machine, so its `listen` is given ours. */
const LAUNCH = `
const { Server } = require('node:net');
const { listen } = Server.prototype;
Server.prototype.listen = function (port) { return listen.call(this, port, '127.0.0.1'); };
const [path, port] = process.argv.slice(1);
require(path).createRedisServer({ port: Number(port) });
`;

/** A Redis written in JavaScript: slow and young, for a machine that has nothing else. It takes no settings. */
export function startJsRedis(options: RedisServerOptions): Promise<RedisServer> {
  const path = createRequire(import.meta.filename).resolve('js-redis-server');
  return launchRedis(
    {
      command: (port) => ({ command: process.execPath, args: ['-e', LAUNCH, path, String(port)] }),
      readyWithinMs: 15_000,
      isOurs: (info) => info.has('redis_version'), // it always says that its pid is 1
    },
    options,
  );
}

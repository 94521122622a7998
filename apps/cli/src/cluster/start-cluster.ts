import { join } from 'node:path';
import { findNginx, freePort, startNginx } from '#local-stack';
import { edgeConfiguration } from './edge-configuration.ts';
import { Parts } from './parts.ts';
import { startServices } from './start-services.ts';
import { type StoresOptions, startStores } from './start-stores.ts';

export interface ClusterOptions extends StoresOptions {
  /** Of the edge. */
  readonly port: number;
  /** Signs tokens. */
  readonly secret: string;
}

/** Starts all of it, or nothing. */
export async function startCluster(options: ClusterOptions): Promise<Parts> {
  const { dir, secret, env } = options;
  const parts = new Parts(options.say);
  try {
    const variables = {
      STORE: 'cassandra',
      ...(await startStores(parts, options)),
      AUTH_SECRET: secret,
      TRUST_PROXY: 'loopback',
      RATE_LIMITS: env.RATE_LIMITS === 'on' ? 'on' : 'off',
    };
    await startServices(parts, { ...options, variables, logs: join(dir, 'logs') });
    await startEdge(parts, options);
    return parts;
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

/** Without nginx there is none. */
async function startEdge(parts: Parts, options: ClusterOptions): Promise<void> {
  const { port, dir } = options;
  if (!(await findNginx(options))) return;
  const hostsOf = (prefix: string): string[] =>
    parts.all().flatMap(({ name, address }) => (name.startsWith(prefix) ? [new URL(address).host] : []));
  const services = { posts: hostsOf('post'), timelines: hostsOf('timeline'), workers: hostsOf('worker') };
  const configuration = edgeConfiguration({ port, statusPort: await freePort(), ...services });
  const server = await startNginx(configuration, { ...options, dir: join(dir, 'edge') });
  parts.add('edge', { name: 'edge', address: `http://127.0.0.1:${port}`, server });
}

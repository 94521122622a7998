import { freePorts, startNginx } from '#local-stack';
import { tempDir } from '#test';
import { type Edge, edgeConfiguration } from '../../apps/cli/src/cluster/edge-configuration.ts';

export interface TestEdge {
  readonly url: string;
  readonly statusUrl: string;
  stop(): Promise<void>;
}

/** A real nginx with the project's configuration before the given services. */
export async function startEdge(services: Omit<Edge, 'port' | 'statusPort'>): Promise<TestEdge> {
  const [port = 0, statusPort = 0] = await freePorts(2);
  const dir = tempDir();
  const options = { dir: dir.path, port, env: process.env, say: () => undefined };
  const nginx = await startNginx(edgeConfiguration({ port, statusPort, ...services }), options);
  const stop = async () => {
    await nginx.stop();
    dir.remove();
  };
  return { url: `http://127.0.0.1:${port}`, statusUrl: `http://127.0.0.1:${statusPort}/status`, stop };
}

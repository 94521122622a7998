import { availableParallelism } from 'node:os';
import { Operator } from '../operator/operator.ts';

/**
 * The scenarios' own rates are for one process that has two cores. In a cluster on one machine some twenty processes share
 * its cores with k6, three Cassandra nodes among them: there a sixteenth of the load for two cores.
 */
const CORES_OF_A_CLUSTER = 32;

/** What the scenarios' own rates are multiplied by for the running server at this address. */
export async function loadScale(baseUrl: string, env: NodeJS.ProcessEnv): Promise<number> {
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(new URL(baseUrl).hostname)) return 1;
  const operator = await Operator.open({ ...env, BASE_URL: baseUrl });
  const { instances } = await operator.call<{ instances: unknown[] }>('GET', '/v1/ops/overview');
  return instances.length > 1 ? Math.min(1, availableParallelism() / CORES_OF_A_CLUSTER) : 1;
}

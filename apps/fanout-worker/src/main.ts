import { readConfig } from '#config';
import { DeliveryModule } from '#delivery';
import { isMain, runService, type RunningService, startService } from '#service';

/** Workers: fan-out, cleaning up, sweeping. Serves health and metrics, and the operators' vacuum. */
export function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  return startService('fanout-worker', readConfig(env), (runtime) => [DeliveryModule.of(runtime)]);
}

if (isMain(import.meta.url)) await runService(start, process.env);

import { readConfig } from '#config';
import { DeliveryModule } from '#delivery';
import { boardPolicy, OpsModule } from '#ops';
import { isMain, runService, type RunningService, startService } from '#service';
import { SocialModule } from '#social';
import { TimelineModule } from '#timeline';

/** Everything in one process: writes, reads, workers. */
export function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  return startService(
    'standalone',
    readConfig(env),
    (runtime) => [SocialModule, TimelineModule, DeliveryModule.of(runtime), OpsModule],
    { foreignRoutes: [boardPolicy] },
  );
}

if (isMain(import.meta.url)) await runService(start, process.env);

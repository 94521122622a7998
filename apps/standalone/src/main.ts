import { readConfig } from '#config';
import { DeliveryModule } from '#delivery';
import { SocialModule } from '#social';
import { TimelineModule } from '#timeline';
import { type RunningService, startService } from '#service';

/** Everything in one process: writes, reads, workers. */
export function start(env: Readonly<Record<string, string | undefined>>): Promise<RunningService> {
  return startService('standalone', readConfig(env), (runtime) => [
    SocialModule,
    TimelineModule,
    DeliveryModule.of(runtime),
  ]);
}

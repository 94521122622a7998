import { readConfig } from '#config';
import { DeliveryModule } from '#delivery';
import { boardPolicy, OpsModule } from '#ops';
import { isMain, runService, type RunningService, startService } from '#service';
import { ProfilesModule, SocialModule } from '#social';
import { TimelineModule } from '#timeline';

/** Reads: posts, profiles, lists, feeds, streams. */
export function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  return startService('timeline-service', readConfig(env), () => [TimelineModule, ProfilesModule, OpsModule], {
    foreignRoutes: [boardPolicy],
    // The edge asks this service for the documents of the whole API.
    documented: (runtime) => [SocialModule, TimelineModule, DeliveryModule.of(runtime), OpsModule],
  });
}

if (isMain(import.meta.url)) await runService(start, process.env);

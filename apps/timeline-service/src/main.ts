import { readConfig } from '#config';
import { boardPolicy, OpsModule } from '#ops';
import { isMain, runService, type RunningService, startService } from '#service';
import { ProfilesModule } from '#social';
import { TimelineModule } from '#timeline';

/** Reads: posts, profiles, lists, feeds, streams. */
export function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  return startService('timeline-service', readConfig(env), () => [TimelineModule, ProfilesModule, OpsModule], [
    boardPolicy,
  ]);
}

if (isMain(import.meta.url)) await runService(start, process.env);

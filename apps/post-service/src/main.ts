import { readConfig } from '#config';
import { boardPolicy, OpsModule } from '#ops';
import { isMain, runService, type RunningService, startService } from '#service';
import { SocialModule } from '#social';

/** Writes: accounts, posts, relations, likes. */
export function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  return startService('post-service', readConfig(env), () => [SocialModule, OpsModule], {
    foreignRoutes: [boardPolicy],
  });
}

if (isMain(import.meta.url)) await runService(start, process.env);

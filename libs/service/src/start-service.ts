import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { Config } from '#config';
import { createHttpApp, type ForeignRoutes, HealthCheck } from '#http';
import { openRuntime, type Runtime, RuntimeModule } from '#runtime';

export interface RunningService {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Ends it cleanly: what is under way is answered, workers finish, then stores close. May be called once. */
  stop(): Promise<void>;
}

type FeatureModule = Type | DynamicModule;
type Features = (runtime: Runtime) => FeatureModule[];

export interface ServiceExtras {
  readonly foreignRoutes?: readonly ForeignRoutes[];
  /** What the API's documents describe, where that is more than this service serves. */
  readonly documented?: Features;
}

/** Starts an app: runtime, features, HTTP. Rejects with a message for people when it cannot. */
export async function startService(
  name: string,
  config: Config,
  features: Features,
  extras: ServiceExtras = {},
): Promise<RunningService> {
  const runtime = await openRuntime(config, name);
  try {
    return await serve(runtime, features, extras);
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

async function serve(
  runtime: Runtime,
  features: Features,
  { foreignRoutes = [], documented }: ServiceExtras,
): Promise<RunningService> {
  const { config, tokens, logger, metrics } = runtime;
  const moduleOf = (wanted: Features): DynamicModule => ({
    module: AppModule,
    imports: [RuntimeModule.of(runtime), ...wanted(runtime)],
  });
  const health = healthChecks(runtime);
  const app = await createHttpApp(moduleOf(features), {
    ...{ http: config.http, tokens, logger, metrics, health, foreignRoutes },
    documented: documented && moduleOf(documented),
  });
  const { host, port } = config.http;
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Error(`port ${port} of ${host} is taken; set PORT to another one`, { cause: error });
    }
    throw error;
  }
  const url = await app.getUrl();
  logger.info({ url }, 'listening');
  return {
    url,
    async stop() {
      await app.close();
      await runtime.close();
      logger.info({}, 'stopped');
    },
  };
}

@Module({})
class AppModule {}

function healthChecks({ stores, redis }: Runtime): HealthCheck[] {
  const ping = (name: string, work: () => Promise<unknown>) => new PingCheck(name, work);
  return [
    ping('store', () => stores.health.ping()),
    ping('queue', () => redis.queue.ping()),
    ping('inboxes', () => redis.inboxes.ping()),
    ping('cache', () => redis.cache.ping()),
  ];
}

class PingCheck extends HealthCheck {
  constructor(
    readonly name: string,
    private readonly work: () => Promise<unknown>,
  ) {
    super();
  }

  async check(): Promise<void> {
    await this.work();
  }
}

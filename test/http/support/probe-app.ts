import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Tokens } from '#auth';
import { createHttpApp, type HttpAppOptions } from '#http';
import type { UserId } from '#ids';
import { systemClock } from '#kernel';
import { createLogger, Metrics } from '#observability';
import { ProbeController } from './probe.controller.ts';

export const SECRET = 'the secret of the tests';
export const VIEWER = 5n as UserId;

@Module({ controllers: [ProbeController] })
export class ProbeModule {}

export interface ProbeApp {
  readonly app: NestFastifyApplication;
  readonly tokens: Tokens;
  /** The header of a good token, of `VIEWER`. */
  readonly authorization: string;
  /** What was logged, a JSON text a line. */
  readonly lines: readonly string[];
}

/** A real application on real Fastify, ready for `app.inject` and not listening. */
export async function openProbeApp(
  options: Partial<HttpAppOptions> = {},
  module: Type | DynamicModule = ProbeModule,
): Promise<ProbeApp> {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const tokens = new Tokens({ secret: SECRET, ttlMs: 3_600_000, clock: systemClock });
  const app = await createHttpApp(module, {
    http: { host: '127.0.0.1', port: 0, trustedProxies: [], rateLimits: false },
    tokens,
    logger: createLogger({ level: 'debug', service: 'test', destination }),
    metrics: new Metrics({ processMetrics: false }),
    health: [],
    ...options,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const { token } = await tokens.issue({ userId: VIEWER });
  return { app, tokens, authorization: `Bearer ${token}`, lines };
}

import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Tokens } from '#auth';
import type { HttpConfig } from '#config';
import type { Logger, Metrics } from '#observability';
import { acceptJsonBodies } from '../body/json-body.ts';
import { DirectRoutes } from '../direct/direct-routes.ts';
import { securityHeaders } from '../headers/security-headers.ts';
import { DOCS_PATH, OPENAPI_PATH, serveDocuments } from '../openapi/serve-documents.ts';
import { type HealthCheck, HealthChecks } from '../operations/health-check.ts';
import { ProblemFilter } from '../problem/problem-filter.ts';
import { ReadyAnswers } from '../ready/ready-answers.ts';
import { Gate } from '../routing/gate.ts';
import { type ForeignRoutes, guardRoutes } from '../routing/guard-routes.ts';
import { RateLimits } from '../routing/rate-limits.ts';
import { RouteTable } from '../routing/route-table.ts';
import { endConnectionsOnClose } from './end-connections.ts';
import { HttpModule } from './http-module.ts';
import { NestLogger } from './nest-logger.ts';
import { serverOptions } from './server-options.ts';

export interface HttpAppOptions {
  readonly http: HttpConfig;
  readonly tokens: Tokens;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What `/readyz` asks. */
  readonly health: readonly HealthCheck[];
  /** What is asked of the callers of routes that a plugin registers; a token, unless it says otherwise. */
  readonly foreignRoutes?: readonly ForeignRoutes[];
  /** What the documents describe, where that is more than the app itself serves. Nothing in it is made or started. */
  readonly documented?: Type | DynamicModule | undefined;
}

/**
 * The Nest application of a service, on Fastify, with everything that the contract says of all routes; ready for
 * `listen`. Closing it answers what is under way; open streams must be ended by those who opened them.
 */
export async function createHttpApp(
  feature: Type | DynamicModule,
  { http, tokens, logger, metrics, health, foreignRoutes = [], documented }: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const table = new RouteTable();
  const headers = await securityHeaders();
  const problems = new ProblemFilter(table, logger, metrics, headers.api);
  const adapter = new FastifyAdapter({
    ...serverOptions(http.trustedProxies),
    skipMiddie: true, // there is no Express middleware to run
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      problems.answer(error, request, reply),
  });
  const fastify = adapter.getInstance();
  acceptJsonBodies(fastify);
  endConnectionsOnClose(fastify);
  const gate = new Gate(tokens, http.rateLimits ? new RateLimits() : undefined, headers.api);
  const foreign = [...foreignRoutes, ...DOCUMENTS];
  const ready = new ReadyAnswers();
  const direct = new DirectRoutes({
    instanceOf: (controller) => app.get<object>(controller, { strict: false }),
    answerError: (error, request, reply) => problems.answer(error, request, reply),
  });
  guardRoutes(fastify, { gate, table, ready, direct, metrics, foreign, openHeaders: headers.api });

  const around = { metrics, checks: new HealthChecks(health, logger), ready };
  const app = await NestFactory.create<NestFastifyApplication>(
    HttpModule.around(feature, around),
    adapter,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  app.useGlobalFilters(problems);
  const described = documented ? await preview(HttpModule.around(documented, around)) : app;
  serveDocuments(app, described, headers.pages);
  return app;
}

/** An application to look at: its controllers are known, and nothing is made. */
function preview(module: DynamicModule): Promise<NestFastifyApplication> {
  const options = { preview: true, logger: false, abortOnError: false } as const;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
  return NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter({ skipMiddie: true }), options);
}

const DOCUMENTS: readonly ForeignRoutes[] = [DOCS_PATH, OPENAPI_PATH].map((prefix) => ({
  prefix,
  policy: { token: 'open' },
}));

import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Tokens } from '#auth';
import type { HttpConfig } from '#config';
import type { Logger, Metrics } from '#observability';
import { acceptJsonBodies } from '../body/json-body.ts';
import { DOCS_PATH, OPENAPI_PATH, serveDocuments } from '../openapi/serve-documents.ts';
import type { HealthCheck } from '../operations/health-check.ts';
import { ProblemFilter } from '../problem/problem-filter.ts';
import { SchemaPipe } from '../problem/schema-pipe.ts';
import { Gate } from '../routing/gate.ts';
import { guardRoutes } from '../routing/guard-routes.ts';
import { RateLimits } from '../routing/rate-limits.ts';
import type { RoutePolicy } from '../routing/route-policy.ts';
import { RouteTable } from '../routing/route-table.ts';
import { HttpModule } from './http-module.ts';
import { NestLogger } from './nest-logger.ts';
import { type Headers, securityHeaders } from './security-headers.ts';
import { serverOptions } from './server-options.ts';

export interface HttpAppOptions {
  readonly http: HttpConfig;
  readonly tokens: Tokens;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What `/readyz` asks. */
  readonly health: readonly HealthCheck[];
  /** Policies of routes that a plugin registers, by the beginning of their path; without one they need a token. */
  readonly foreignRoutes?: Readonly<Record<string, Partial<RoutePolicy>>>;
}

/**
 * The Nest application of a service, on Fastify, with everything that the contract says of all routes; ready for
 * `listen`. Closing it answers what is under way; open streams must be ended by those who opened them.
 */
export async function createHttpApp(
  feature: Type | DynamicModule,
  { http, tokens, logger, metrics, health, foreignRoutes = {} }: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const table = new RouteTable();
  const problems = new ProblemFilter(table, logger, metrics);
  const headers = await securityHeaders();
  const adapter = new FastifyAdapter({
    ...serverOptions(http.trustedProxies),
    frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
      setHeaders(request, reply, headers.api);
      problems.answer(error, request, reply);
    },
  });
  const fastify = adapter.getInstance();
  acceptJsonBodies(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply, headers.api);
    done();
  });
  const foreign = { ...foreignRoutes, [DOCS_PATH]: OPEN, [OPENAPI_PATH]: OPEN };
  const gate = new Gate(tokens, http.rateLimits ? new RateLimits() : undefined);
  guardRoutes(fastify, { gate, table, metrics, foreign });

  const app = await NestFactory.create<NestFastifyApplication>(
    HttpModule.around(feature, metrics, health),
    adapter,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  app.useGlobalFilters(problems);
  app.useGlobalPipes(new SchemaPipe());
  serveDocuments(app, headers.pages);
  return app;
}

const OPEN: Partial<RoutePolicy> = { token: 'open' };

/** Of every answer, whether a route is found or not. */
function setHeaders(request: FastifyRequest, reply: FastifyReply, headers: Headers): void {
  reply.headers(headers).header('x-request-id', request.id);
}

import { Controller, Get, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import {
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Endpoint } from '../openapi/endpoint.ts';
import { liveness, readiness } from './health.schema.ts';
import { type HealthCheck, HealthChecks } from './health-check.ts';

const TIMEOUT_MS = 2_000;
/** However many ask: a dependency is asked twice a second at most. */
const REMEMBERED_MS = 500;

@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(HealthChecks) private readonly checks: HealthChecks,
  ) {}

  @Get('healthz')
  @Endpoint({ tag: 'operations', token: 'open', summary: 'Whether the process answers', answers: { 200: liveness } })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Endpoint({
    tag: 'operations',
    token: 'open',
    summary: 'Whether it should get requests, by dependency',
    answers: { 200: readiness, 503: readiness },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    try {
      return await this.health.check(this.checks.all.map((check) => () => this.#run(check)));
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      reply.code(503).header('retry-after', '1');
      return error.getResponse() as HealthCheckResult;
    }
  }

  async #run(check: HealthCheck): Promise<HealthIndicatorResult> {
    const attempt = this.indicators.check(check.name).attempt(() => this.checks.run(check));
    return attempt.withTimeout(TIMEOUT_MS).cacheFor(REMEMBERED_MS);
  }
}

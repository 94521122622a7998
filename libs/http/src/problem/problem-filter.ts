import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#kernel';
import type { Logger, Metrics } from '#observability';
import type { Headers } from '../headers/security-headers.ts';
import type { RouteTable } from '../routing/route-table.ts';
import { sendProblem } from './send-problem.ts';
import { translateError } from './translate-error.ts';

const WARNING_INTERVAL_MS = 1_000;

/** Everything that a request can fail with ends here, whoever threw it. Never shows a stack or a foreign message. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  #warnedAtMs = -Infinity;

  constructor(
    private readonly routes: RouteTable,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly security: Headers,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = this.#pickMethodNotAllowed(translateError(thrown), request, reply);
    this.#record(error, request);
    if (reply.sent || reply.raw.headersSent) return; // a stream that broke off: all that could be done was to log it
    sendProblem(error, request, reply, this.security);
  }

  /** The router knows only that nothing matches: look whether another method would. */
  #pickMethodNotAllowed(error: AppError, request: FastifyRequest, reply: FastifyReply): AppError {
    if (error.code !== 'not_found' || !request.is404) return error;
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0 || allowed.includes(request.method)) return error; // the path itself is malformed
    reply.header('allow', allowed.join(', '));
    return new AppError('method_not_allowed', `only ${allowed.join(', ')}`);
  }

  #record(error: AppError, request: FastifyRequest): void {
    this.metrics.counter('http_errors_total', { code: error.code }).inc();
    const fields = { requestId: request.id, method: request.method, route: request.routeOptions.url, code: error.code };
    if (error.code === 'internal') this.logger.error({ ...fields, err: error.cause ?? error }, 'request failed');
    else if (error.code === 'unavailable') this.#warn({ ...fields, err: error });
    else this.logger.debug(fields, 'request refused');
  }

  /** One line a second tells an outage; a line per request would make it worse. */
  #warn(fields: object): void {
    const nowMs = performance.now();
    if (nowMs - this.#warnedAtMs < WARNING_INTERVAL_MS) return;
    this.#warnedAtMs = nowMs;
    this.logger.warn(fields, 'request refused');
  }
}

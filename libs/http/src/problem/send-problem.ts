import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '#kernel';
import { REQUEST_ID_HEADER } from '../headers/request-id.ts';
import type { Headers } from '../headers/security-headers.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/** What may still be on its way of a body that was refused: worth reading past to keep the connection. */
const REST_OF_BODY_BYTES_MAX = 1024 * 1024;

/** Answers with a problem; nobody may keep it. */
export function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply, security: Headers): void {
  const { status } = error;
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 429 || status === 503) reply.header('retry-after', String(retryAfterSeconds(error)));
  if (mayKeepConnection(error, request)) reply.removeHeader('connection');
  reply
    .code(status)
    .headers(security)
    .header(REQUEST_ID_HEADER, request.id)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemOf(error, request.id)));
}

const RETRY_AFTER_MS = 1000;

const retryAfterSeconds = ({ retryAfterMs = RETRY_AFTER_MS }: AppError): number =>
  Math.max(1, Math.ceil(retryAfterMs / 1000));

/**
 * Fastify closes the connection after every body that it could not parse. That is needed only where much of it is still
 * to come: closing early resets a client that is still sending, and it may never see the answer.
 */
function mayKeepConnection({ code }: AppError, { headers }: FastifyRequest): boolean {
  return code !== 'body_too_large' || Number(headers['content-length'] ?? Infinity) <= REST_OF_BODY_BYTES_MAX;
}

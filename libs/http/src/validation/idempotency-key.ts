import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#kernel';

export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';

const KEY = /^[\x21-\x7e]{1,128}$/;

/** The request's `Idempotency-Key`, undefined without one. @throws AppError `validation_failed`. */
export const IdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext): string | undefined =>
  idempotencyKeyOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function idempotencyKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers[IDEMPOTENCY_KEY_HEADER.toLowerCase()];
  if (key === undefined || (typeof key === 'string' && KEY.test(key))) return key;
  const detail = 'must be 1 to 128 visible ASCII characters';
  throw new AppError('validation_failed', undefined, {
    errors: [{ field: IDEMPOTENCY_KEY_HEADER, code: 'malformed', detail }],
  });
}

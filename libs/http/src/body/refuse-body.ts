import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { AppError } from '#kernel';
import { unknownFields } from '../validation/unknown-fields.ts';

/** For routes that take none: an empty body or an empty object is fine, fields are unknown ones. */
export function refuseBody({ body }: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  done(body === undefined ? undefined : problemWith(body));
}

function problemWith(body: unknown): AppError | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return new AppError('validation_failed', undefined, {
      errors: [{ field: 'body', code: 'wrong_type', detail: 'must be empty' }],
    });
  const names = Object.keys(body);
  return names.length > 0 ? unknownFields(names) : undefined;
}

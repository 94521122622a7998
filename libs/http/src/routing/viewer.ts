import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Identity } from '#auth';
import type { UserId } from '#ids';
import { AppError } from '#kernel';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token came with the request; set before the route's own code runs. */
    identity: Identity | undefined;
  }
}

/** The caller's id. An operator's token that belongs to no account is refused. */
export const Viewer = createParamDecorator((_data: unknown, context: ExecutionContext): UserId => {
  const userId = requestOf(context).identity?.userId;
  if (userId === undefined) throw new AppError('unauthorized', 'the token belongs to no account');
  return userId;
});

/** The caller's id, or undefined without one: for endpoints whose token is optional. */
export const MaybeViewer = createParamDecorator(
  (_data: unknown, context: ExecutionContext): UserId | undefined => requestOf(context).identity?.userId,
);

const requestOf = (context: ExecutionContext): FastifyRequest => context.getArgByIndex(0);

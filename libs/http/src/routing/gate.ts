import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Identity, Tokens } from '#auth';
import { AppError } from '#kernel';
import { answerHeaders } from '../caching/answer-headers.ts';
import { unknownFields } from '../problem/unknown-fields.ts';
import { bearerToken } from './bearer-token.ts';
import { clientOf } from './client-address.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RoutePolicy } from './route-policy.ts';

export type RequestHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
) => Promise<void> | undefined;

/**
 * What happens to a request before anything of it is read: the token first, so that a bad one is 401 whatever else is
 * wrong, then scope, query, rate. Synchronous for a client whose token is remembered while no rates are limited.
 */
export class Gate {
  /** @param limits undefined: none. */
  constructor(
    private readonly tokens: Tokens,
    private readonly limits: RateLimits | undefined,
  ) {}

  /** The `onRequest` hook of one route. */
  hookOf(policy: RoutePolicy, method: string): RequestHook {
    const setHeaders = answerHeaders(policy, method);
    const enter = (request: FastifyRequest, reply: FastifyReply, identity: Identity | undefined): void => {
      request.identity = identity;
      setHeaders(reply, identity !== undefined);
      checkScope(policy, identity);
      if (!policy.takesQuery) refuseQuery(request);
    };
    return (request, reply, done) => {
      let pending: Promise<void> | undefined;
      try {
        pending = this.#admit(policy, request, (identity) => enter(request, reply, identity));
      } catch (error) {
        done(error as Error);
        return undefined;
      }
      if (!pending) done();
      return pending;
    };
  }

  #admit(
    policy: RoutePolicy,
    request: FastifyRequest,
    enter: (identity: Identity | undefined) => void,
  ): Promise<void> | undefined {
    const identity = this.#identify(policy, request);
    if (identity instanceof Promise) {
      return identity.then((verified) => {
        enter(verified);
        return this.#count(policy, request);
      });
    }
    enter(identity);
    return this.#count(policy, request);
  }

  #count({ limit }: RoutePolicy, request: FastifyRequest): Promise<void> | undefined {
    return this.limits?.take(limit, String(request.identity?.userId ?? clientOf(request.ip)));
  }

  #identify({ token }: RoutePolicy, request: FastifyRequest): Identity | undefined | Promise<Identity> {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const text = bearerToken(header);
      return this.tokens.peek(text) ?? this.tokens.verify(text);
    }
    if (token === 'required') throw new AppError('unauthorized', 'a token is needed');
    return undefined;
  }
}

function checkScope({ opsScope }: RoutePolicy, identity: Identity | undefined): void {
  if (opsScope && identity?.ops !== true) throw new AppError('missing_scope', 'the token lacks the scope ops');
}

function refuseQuery({ query }: FastifyRequest): void {
  const names = Object.keys(query as object);
  if (names.length > 0) throw unknownFields(names);
}

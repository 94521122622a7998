import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Identity, Tokens } from '#auth';
import { AppError } from '#kernel';
import { type AnswerHeaders, answerHeaders } from '../headers/answer-headers.ts';
import { REQUEST_ID_HEADER } from '../headers/request-id.ts';
import type { Headers } from '../headers/security-headers.ts';
import type { ReadySlot } from '../ready/ready-answers.ts';
import { readySender, type SendReady } from '../ready/send-ready.ts';
import { unknownFields } from '../validation/unknown-fields.ts';
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
    private readonly security: Headers,
  ) {}

  /** The `onRequest` hook of one route. @param ready where answers that are ready would be found. */
  hookOf(policy: RoutePolicy, method: string, ready?: ReadySlot): RequestHook {
    const headers = answerHeaders(this.security, policy, method);
    const send = ready && readySender(ready, headers.withoutToken);
    return (request, reply, done) => {
      try {
        const identity = this.#identify(policy, request);
        const pending =
          identity instanceof Promise
            ? identity.then((known) => this.#enter(policy, headers, known, request, reply))
            : send !== undefined && identity === undefined && ready?.find !== undefined
              ? this.#answer(policy, headers, send, request, reply)
              : this.#enter(policy, headers, identity, request, reply);
        if (pending) return pending;
      } catch (error) {
        done(error as Error);
        return undefined;
      }
      if (!reply.sent) done();
      return undefined;
    };
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

  #enter(
    { opsScope, takesQuery, limit }: RoutePolicy,
    { withToken, withoutToken }: AnswerHeaders,
    identity: Identity | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> | undefined {
    request.identity = identity;
    reply.headers(identity ? withToken : withoutToken).header(REQUEST_ID_HEADER, request.id);
    if (opsScope && !identity?.ops) throw new AppError('missing_scope', 'the token lacks the scope ops');
    if (!takesQuery) refuseQuery(request);
    return this.limits?.take(limit, String(identity?.userId ?? clientOf(request.ip)));
  }

  /** Sends what is ready, or lets the request in. */
  #answer(
    policy: RoutePolicy,
    headers: AnswerHeaders,
    send: SendReady,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> | undefined {
    if (this.limits === undefined && !hasQuery(request) && send(request, reply)) return undefined;
    const entering = this.#enter(policy, headers, undefined, request, reply);
    return entering?.then(() => void send(request, reply));
  }
}

const hasQuery = ({ raw }: FastifyRequest): boolean => raw.url?.includes('?') ?? false;

function refuseQuery({ query }: FastifyRequest): void {
  const names = Object.keys(query as object);
  if (names.length > 0) throw unknownFields(names);
}

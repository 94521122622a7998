import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { ControllerMethod } from '../direct/controller-method.ts';

/** What the gate asks of a route's callers before the route's own code runs. */
export interface RoutePolicy {
  /** `open`: nobody looks at the header. `optional`: a token may be missing, and must be good if it is there. */
  readonly token: TokenPolicy;
  readonly opsScope: boolean;
  readonly limit: LimitClass;
  /** Whether query parameters and a body are the route's own business; where not, there must be none. */
  readonly takesQuery: boolean;
  readonly takesBody: boolean;
  /** The route's own code returns JSON as text or bytes, ready to be sent. */
  readonly returnsJson: boolean;
  /** A response that goes on for hours: no HEAD, no duration metric. */
  readonly streams: boolean;
}

export type TokenPolicy = 'required' | 'optional' | 'open';

/** Rates differ by what a request costs: see `rate-limits.ts`. */
export type LimitClass = 'read' | 'write' | 'entry' | 'stream';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Partial<RoutePolicy>;
    /** What serves the route. */
    serves?: ControllerMethod;
  }
}

/** Says a route's policy and whose it is; the adapter hands it to Fastify as the route's `config`. */
export function routePolicy(policy: Partial<RoutePolicy>): MethodDecorator {
  return (target, name, { value }) => {
    const serves: ControllerMethod = { controller: target.constructor as Type, name };
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { policy, serves }, value as object);
  };
}

const READING = new Set(['GET', 'HEAD']);

/** What is not said is strict: a token is required, and there is neither a query nor a body. */
export function policyOf(method: string, part: Partial<RoutePolicy> = {}): RoutePolicy {
  const { streams = false } = part;
  const limit = streams ? 'stream' : READING.has(method) ? 'read' : 'write';
  const strict = { token: 'required', opsScope: false, takesQuery: false, takesBody: false } as const;
  return { ...strict, returnsJson: false, limit, streams, ...part };
}

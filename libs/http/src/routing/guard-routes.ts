import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from 'fastify';
import { AppError } from '#kernel';
import type { Metrics } from '#observability';
import type { DirectRoutes } from '../direct/direct-routes.ts';
import { refuseBody } from '../body/refuse-body.ts';
import { REQUEST_ID_HEADER } from '../headers/request-id.ts';
import type { Headers } from '../headers/security-headers.ts';
import type { ReadyAnswers } from '../ready/ready-answers.ts';
import type { Gate } from './gate.ts';
import { measureRoute } from './measure-route.ts';
import { policyOf, type RoutePolicy } from './route-policy.ts';
import type { RouteTable } from './route-table.ts';

/** Routes that are not ours but a plugin's. */
export interface ForeignRoutes {
  /** Holds for this path and all below it. */
  readonly prefix: string;
  readonly policy: Partial<RoutePolicy>;
}

export interface RouteGuards {
  readonly gate: Gate;
  readonly table: RouteTable;
  readonly ready: ReadyAnswers;
  readonly direct: DirectRoutes;
  readonly metrics: Metrics;
  readonly foreign: readonly ForeignRoutes[];
  /** For the answers of open routes. */
  readonly openHeaders: Headers;
}

/** Gives every route that is registered from now on its hooks, put together once: nothing is looked up per request. */
export function guardRoutes(fastify: FastifyInstance, guards: RouteGuards): void {
  fastify.decorateRequest('identity', undefined);
  fastify.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    const method = methods[0] ?? 'GET';
    const policy = policyOf(method, route.config?.policy ?? foreignPolicy(route.url, guards.foreign));
    if (policy.streams && method === 'HEAD') {
      addHook(route, 'onRequest', refuseHead);
      return;
    }
    guards.table.add(methods, route.url);
    if (!policy.streams) addHook(route, 'onResponse', measureRoute(guards.metrics, method, route.url));
    if (policy.token === 'open') addHook(route, 'onRequest', setHeaders(guards.openHeaders));
    else guard(route, policy, method, guards);
    if (route.config?.serves) route.handler = guards.direct.handlerOf(route.config.serves, method, route.handler);
  });
}

const BODYLESS = new Set(['GET', 'HEAD']);

function guard(route: RouteOptions, policy: RoutePolicy, method: string, { gate, ready }: RouteGuards): void {
  const slot = policy.token === 'optional' && method === 'GET' ? ready.slot(route.url) : undefined;
  addHook(route, 'onRequest', gate.hookOf(policy, method, slot));
  if (!policy.takesBody && !BODYLESS.has(method)) addHook(route, 'preValidation', refuseBody);
}

function foreignPolicy(url: string, foreign: readonly ForeignRoutes[]): Partial<RoutePolicy> | undefined {
  return foreign.find(({ prefix }) => url === prefix || url.startsWith(`${prefix}/`))?.policy;
}

function addHook(route: RouteOptions, name: 'onRequest' | 'preValidation' | 'onResponse', hook: unknown): void {
  Object.assign(route, { [name]: [hook, ...[route[name] ?? []].flat()] });
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

const setHeaders =
  (headers: Headers): Hook =>
  (request, reply, done) => {
    reply.headers(headers).header(REQUEST_ID_HEADER, request.id);
    done();
  };

/** HEAD would start a response that never ends. */
const refuseHead: Hook = (_request, reply, done) => {
  reply.header('allow', 'GET');
  done(new AppError('method_not_allowed'));
};

import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from 'fastify';
import { AppError } from '#kernel';
import type { Metrics } from '#observability';
import { refuseBody } from '../body/refuse-body.ts';
import type { Gate } from './gate.ts';
import { measureRoute } from './measure-route.ts';
import { policyOf, type RoutePolicy } from './route-policy.ts';
import type { RouteTable } from './route-table.ts';

export interface RouteGuards {
  readonly gate: Gate;
  readonly table: RouteTable;
  readonly metrics: Metrics;
  /** Policies of routes that are not ours (a plugin's), by the beginning of their path. */
  readonly foreign: Readonly<Record<string, Partial<RoutePolicy>>>;
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
    if (policy.token !== 'open') addHook(route, 'onRequest', guards.gate.hookOf(policy, method));
    if (policy.token !== 'open' && !policy.takesBody && !BODYLESS.has(method))
      addHook(route, 'preValidation', refuseBody);
    if (!policy.streams) addHook(route, 'onResponse', measureRoute(guards.metrics, method, route.url));
  });
}

const BODYLESS = new Set(['GET', 'HEAD']);

function foreignPolicy(url: string, foreign: RouteGuards['foreign']): Partial<RoutePolicy> | undefined {
  return Object.entries(foreign).find(([prefix]) => url === prefix || url.startsWith(`${prefix}/`))?.[1];
}

function addHook(route: RouteOptions, name: 'onRequest' | 'preValidation' | 'onResponse', hook: unknown): void {
  Object.assign(route, { [name]: [hook, ...[route[name] ?? []].flat()] });
}

/** HEAD would start a response that never ends. */
function refuseHead(_request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  reply.header('allow', 'GET');
  done(new AppError('method_not_allowed'));
}

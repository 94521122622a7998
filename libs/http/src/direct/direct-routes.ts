import type { Type } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { type ControllerMethod, isPlain, statusOf } from './controller-method.ts';
import { argumentsOf } from './read-arguments.ts';

export interface DirectRoutesOptions {
  /** What Nest has made of a controller. */
  readonly instanceOf: (controller: Type) => object;
  readonly answerError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
}

type Call = (...values: unknown[]) => unknown;

/**
 * Has Fastify call the controllers' methods itself. Nest finds, makes, describes and registers them; between a request and
 * its method it would only look for guards, interceptors and observables where there are none, in half a dozen promises.
 * A method that has any of these, or wants the whole response for itself, stays with Nest.
 */
export class DirectRoutes {
  constructor(private readonly options: DirectRoutesOptions) {}

  /** A handler that does what Nest's own does, or that one. @param verb of HTTP. */
  handlerOf(method: ControllerMethod, verb: string, nest: RouteHandlerMethod): RouteHandlerMethod {
    const readArguments = argumentsOf(method);
    if (!readArguments || !isPlain(method)) return nest;
    const status = statusOf(method, verb);
    const { answerError } = this.options;
    let bound: Call | undefined;
    const call: Call = (...values) => (bound ??= this.#bind(method))(...values);
    return function (this: FastifyInstance, request, reply) {
      if (hasEmpty(request.params as Record<string, string>)) return nest.call(this, request, reply);
      const fail = (error: unknown): void => answerError(error, request, reply);
      try {
        const values = readArguments(request, reply);
        reply.code(status);
        const result = call(...values);
        if (result instanceof Promise) result.then((value) => reply.send(value)).catch(fail);
        else reply.send(result);
      } catch (error) {
        fail(error);
      }
      return undefined;
    };
  }

  /** Not before the first request: controllers are made after their routes. */
  #bind({ controller, name }: ControllerMethod): Call {
    const instance = this.options.instanceOf(controller) as Record<string | symbol, Call>;
    const method = instance[name];
    if (!method) throw new Error(`${controller.name} has no method ${String(name)}`);
    return method.bind(instance);
  }
}

/** The router matches an empty segment, which no parameter may be: Nest knows what to say. */
function hasEmpty(parameters: Readonly<Record<string, string>>): boolean {
  for (const name in parameters) if (parameters[name] === '') return true;
  return false;
}

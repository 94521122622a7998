import type { ArgumentMetadata, ExecutionContext } from '@nestjs/common';
import {
  CUSTOM_ROUTE_ARGS_METADATA,
  RESPONSE_PASSTHROUGH_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
} from '@nestjs/common/internal';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SchemaPipe } from '../validation/schema-pipe.ts';
import type { ControllerMethod } from './controller-method.ts';

interface Parameter {
  readonly index: number;
  readonly data?: string;
  readonly schema?: ArgumentMetadata['schema'];
  readonly pipes: readonly unknown[];
  /** Of a decorator of our own. */
  readonly factory?: (data: unknown, context: ExecutionContext) => unknown;
}

type Read = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Reads a method's arguments from a request. @throws AppError where one is not what its schema says. */
export type ReadArguments = (request: FastifyRequest, reply: FastifyReply) => unknown[];

/** Undefined where there is a parameter that only Nest knows how to read. */
export function argumentsOf({ controller, name }: ControllerMethod): ReadArguments | undefined {
  const metadata = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, Parameter>;
  const mayReply = Reflect.hasMetadata(RESPONSE_PASSTHROUGH_METADATA, controller, name);
  const reads: { readonly index: number; readonly read: Read }[] = [];
  for (const [key, parameter] of Object.entries(metadata)) {
    const read = key.includes(CUSTOM_ROUTE_ARGS_METADATA)
      ? ownReader(parameter)
      : checkedReader(Number(key.split(':')[0]), parameter, mayReply);
    if (!read) return undefined;
    reads.push({ index: parameter.index, read });
  }
  const count = Math.max(-1, ...reads.map(({ index }) => index)) + 1;
  return (request, reply) => {
    const values = new Array<unknown>(count);
    for (const { index, read } of reads) values[index] = read(request, reply);
    return values;
  };
}

function ownReader({ factory, data, pipes }: Parameter): Read | undefined {
  if (!factory || pipes.length > 0) return undefined;
  return (request, reply) => factory(data, new ExecutionContextHost([request, reply]));
}

function checkedReader(kind: number, parameter: Parameter, mayReply: boolean): Read | undefined {
  const { data, schema, pipes } = parameter;
  if (kind === (RouteParamtypes.RESPONSE as number) && !mayReply) return undefined;
  if (kind === (RouteParamtypes.BODY as number) && data !== undefined) return undefined;
  const read = plainReader(kind, data);
  const type = TYPES[kind];
  if (!read || pipes.length === 0) return read;
  const [pipe] = pipes;
  if (pipes.length > 1 || !(pipe instanceof SchemaPipe) || !type) return undefined;
  const metadata: ArgumentMetadata = { type, data, ...(schema && { schema }) };
  return (request, reply) => pipe.transform(read(request, reply), metadata);
}

const TYPES: Readonly<Record<number, ArgumentMetadata['type']>> = {
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'param',
};

/** What each kind of parameter is a part of. */
const WHOLES: Readonly<Record<number, Read>> = {
  [RouteParamtypes.REQUEST]: (request) => request,
  [RouteParamtypes.RESPONSE]: (_request, reply) => reply,
  [RouteParamtypes.BODY]: ({ body }) => body,
  [RouteParamtypes.QUERY]: ({ query }) => query,
  [RouteParamtypes.PARAM]: ({ params }) => params,
  [RouteParamtypes.HEADERS]: ({ headers }) => headers,
};

function plainReader(kind: number, name: string | undefined): Read | undefined {
  const read = WHOLES[kind];
  if (!read || name === undefined) return read;
  const key = kind === (RouteParamtypes.HEADERS as number) ? name.toLowerCase() : name;
  return (request, reply) => (read(request, reply) as Record<string, unknown>)[key];
}

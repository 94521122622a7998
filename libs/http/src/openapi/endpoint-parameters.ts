import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { SchemaPipe } from '../validation/schema-pipe.ts';

interface ParameterMetadata {
  readonly index: number;
  readonly schema?: unknown;
  pipes: readonly unknown[];
}

export interface EndpointParameters {
  readonly takesBody: boolean;
  readonly takesQuery: boolean;
}

const pipe = new SchemaPipe();

/**
 * Gives each parameter that names a schema the pipe that applies it (a pipe for all parameters would make a promise of
 * those that need none), and lets swagger see them.
 */
export function prepareParameters(target: object, key: string | symbol): EndpointParameters {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, key) ?? {}) as Record<
    string,
    ParameterMetadata
  >;
  const all = Object.values(parameters);
  for (const parameter of all) if (parameter.schema) parameter.pipes = [...parameter.pipes, pipe];
  // Swagger looks at parameters only where the compiler has left their types; ours come from their schemas.
  const count = Math.max(-1, ...all.map(({ index }) => index)) + 1;
  Reflect.defineMetadata('design:paramtypes', Array(count).fill(Object), target, key);
  const kinds = new Set(Object.keys(parameters).map((name) => Number(name.split(':')[0])));
  return { takesBody: kinds.has(RouteParamtypes.BODY), takesQuery: kinds.has(RouteParamtypes.QUERY) };
}

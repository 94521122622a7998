import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type * as z from 'zod';
import type { ErrorCode } from '#kernel';
import { type LimitClass, routePolicy, type TokenPolicy } from '../routing/route-policy.ts';
import { errorAnswers } from './error-answers.ts';

export interface EndpointOptions {
  readonly tag: 'accounts' | 'relations' | 'posts' | 'feed' | 'operations';
  readonly summary: string;
  readonly description?: string;
  /** The successes, by status; null for one without a body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** Error codes of this route's own; those that any such route has come by themselves. */
  readonly errors?: readonly ErrorCode[];
  /** `required` unless given. */
  readonly token?: TokenPolicy;
  /** Operators only: the token must have the `ops` scope. */
  readonly opsScope?: boolean;
  /** The rate that requests count against; by the method unless given. */
  readonly limit?: LimitClass;
  /** The route returns JSON as text or bytes, which are sent as they are. */
  readonly returnsJson?: boolean;
  /** The response goes on for hours. */
  readonly streams?: boolean;
}

/** Everything that is said of a route beside its path: who may call it, how often, and its part of the OpenAPI document. */
export function Endpoint({
  tag,
  summary,
  description,
  answers,
  errors = [],
  ...policy
}: EndpointOptions): MethodDecorator {
  return (target, key, descriptor) => {
    const parameters = parametersOf(target, key);
    const { token = 'required', opsScope = false } = policy;
    const takesBody = parameters.types.has(RouteParamtypes.BODY);
    const takesQuery = parameters.types.has(RouteParamtypes.QUERY);
    const decorators = [
      routePolicy({ ...policy, takesBody, takesQuery }),
      ApiOperation({ tags: [tag], summary, ...(description !== undefined && { description }) }),
      ...Object.entries(answers).map(([status, schema]) => answer(Number(status), schema)),
      ...securityOf(token),
      ...(token === 'open' ? [] : errorAnswers(errors, { takesBody, opsScope })),
    ];
    // Swagger looks at parameters only where the compiler has left their types; ours come from their schemas.
    Reflect.defineMetadata('design:paramtypes', Array(parameters.count).fill(Object), target, key);
    for (const decorate of decorators) decorate(target, key, descriptor);
  };
}

function parametersOf(target: object, key: string | symbol): { count: number; types: Set<number> } {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, key) ?? {}) as Record<
    string,
    { index: number }
  >;
  return {
    count: Math.max(-1, ...Object.values(args).map(({ index }) => index)) + 1,
    types: new Set(Object.keys(args).map((name) => Number(name.split(':')[0]))),
  };
}

function answer(status: number, schema: z.ZodType | null): MethodDecorator {
  return ApiResponse({ status, description: 'Done.', ...(schema && { standardSchema: schema }) });
}

function securityOf(token: TokenPolicy): MethodDecorator[] {
  const bearer = ApiSecurity('bearer');
  return token === 'required' ? [bearer] : token === 'optional' ? [bearer, ApiSecurity({})] : [];
}

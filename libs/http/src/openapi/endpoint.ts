import { STATUS_CODES } from 'node:http';
import { ApiHeader, ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type * as z from 'zod';
import type { ErrorCode } from '#kernel';
import { type LimitClass, routePolicy, type TokenPolicy } from '../routing/route-policy.ts';
import { prepareParameters } from './endpoint-parameters.ts';
import { errorAnswers } from './error-answers.ts';

export interface EndpointOptions {
  readonly tag: 'accounts' | 'relations' | 'posts' | 'feed' | 'operations';
  readonly summary: string;
  readonly description?: string;
  /** The successes, by status; null for one without a body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** Error codes of this route's own; those that any such route has come by themselves. */
  readonly errors?: readonly ErrorCode[];
  /** Request headers that mean something here, with their descriptions. */
  readonly headers?: Readonly<Record<string, string>>;
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
  headers = {},
  ...policy
}: EndpointOptions): MethodDecorator {
  return (target, key, descriptor) => {
    const { token = 'required', opsScope = false } = policy;
    const parameters = prepareParameters(target, key);
    const decorators = [
      routePolicy({ ...policy, ...parameters }),
      ApiOperation({ tags: [tag], summary, ...(description !== undefined && { description }) }),
      ...Object.entries(answers).map(([status, schema]) => answer(Number(status), schema)),
      ...Object.entries(headers).map(([name, text]) => ApiHeader({ name, description: text, required: false })),
      ...securityOf(token),
      ...(token === 'open' ? [] : errorAnswers(errors, { takesBody: parameters.takesBody, opsScope })),
    ];
    for (const decorate of decorators) decorate(target, key, descriptor);
  };
}

function answer(status: number, schema: z.ZodType | null): MethodDecorator {
  return ApiResponse({ status, description: STATUS_CODES[status] ?? '', ...(schema && { standardSchema: schema }) });
}

function securityOf(token: TokenPolicy): MethodDecorator[] {
  const bearer = ApiSecurity('bearer');
  return token === 'required' ? [bearer] : token === 'optional' ? [bearer, ApiSecurity({})] : [];
}

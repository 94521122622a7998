import type { Type } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  SSE_METADATA,
} from '@nestjs/common/internal';

/** What serves a route. */
export interface ControllerMethod {
  readonly controller: Type;
  readonly name: string | symbol;
}

/** What Nest would do around a method, were it asked to. */
const AROUND = [
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  SSE_METADATA,
];

/** Whether calling the method is all there is to do. */
export function isPlain({ controller, name }: ControllerMethod): boolean {
  return [controller, functionOf(controller, name)].every(
    (one) => !AROUND.some((key) => Reflect.hasMetadata(key, one)),
  );
}

export function statusOf({ controller, name }: ControllerMethod, method: string): number {
  const said = Reflect.getMetadata(HTTP_CODE_METADATA, functionOf(controller, name)) as number | undefined;
  return said ?? (method === 'POST' ? 201 : 200);
}

function functionOf({ prototype }: Type, name: string | symbol): object {
  return Reflect.get(prototype as object, name) as object;
}

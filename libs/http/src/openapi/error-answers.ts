import { ApiResponse } from '@nestjs/swagger';
import { AppError, errorCatalogue, type ErrorCode } from '#kernel';
import { problemOf } from '../problem/problem.ts';
import { problem } from '../schemas/index.ts';
import { componentOf } from './schema-converter.ts';

/** What any request may be answered with. */
const ALWAYS: readonly ErrorCode[] = ['validation_failed', 'unauthorized', 'rate_limited', 'internal', 'unavailable'];
const WITH_BODY: readonly ErrorCode[] = ['bad_json', 'body_too_large', 'unsupported_media_type'];
const WITH_SCOPE: readonly ErrorCode[] = ['missing_scope'];

export interface RouteKind {
  readonly takesBody: boolean;
  readonly opsScope: boolean;
}

/** One documented answer per status, with an example per code. */
export function errorAnswers(codes: readonly ErrorCode[], kind: RouteKind): MethodDecorator[] {
  const all = new Set<ErrorCode>([
    ...ALWAYS,
    ...(kind.takesBody ? WITH_BODY : []),
    ...(kind.opsScope ? WITH_SCOPE : []),
    ...codes,
  ]);
  const byStatus = groupByStatus(all);
  return [...byStatus].map(([status, group]) =>
    ApiResponse({
      status,
      description: group.map((code) => `\`${code}\`: ${errorCatalogue[code].title}.`).join(' '),
      content: {
        'application/problem+json': {
          schema: componentOf(problem),
          examples: Object.fromEntries(group.map((code) => [code, { value: exampleOf(code) }])),
        },
      },
    }),
  );
}

function exampleOf(code: ErrorCode) {
  const errors = [{ field: 'text', code: 'too_long', detail: 'must have 500 characters or fewer' }];
  const error = new AppError(code, undefined, code === 'validation_failed' ? { errors } : {});
  return problemOf(error, 'q1w2e3r4-2s');
}

function groupByStatus(codes: Iterable<ErrorCode>): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorCatalogue[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}

import { type AppError, errorCatalogue } from '#kernel';
import type { Problem } from '../schemas/index.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What a client is told of an error (RFC 9457). */
export function problemOf(error: AppError, requestId: string): Problem {
  const { status, title } = errorCatalogue[error.code];
  return {
    type: `urn:groundswell:problem:${error.code}`,
    title,
    status,
    detail: error.detail,
    code: error.code,
    ...(error.errors && { errors: [...error.errors] }),
    requestId,
  };
}

import { HttpException } from '@nestjs/common';
import { AppError, type ErrorCode } from '#kernel';

/** Codes of Fastify, and of the file system behind static files. */
const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  ENAMETOOLONG: 'not_found',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_json',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'validation_failed',
  401: 'unauthorized',
  403: 'not_found', // a path that leads out of the static files
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/** Whatever was thrown, in terms of the catalogue; `internal` for what nobody foresaw. */
export function translateError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const known = BY_CODE[codeOf(error)] ?? BY_STATUS[statusOf(error)];
  if (known === 'validation_failed') return new AppError(known, undefined, { errors: [MALFORMED], cause: error });
  return new AppError(known ?? 'internal', undefined, { cause: error });
}

/** For what is refused before anybody knows a field's name. */
const MALFORMED = { field: 'request', code: 'malformed', detail: 'could not be read' };

function codeOf(error: unknown): string {
  const source = error instanceof HttpException ? error.cause : error;
  return isRecord(source) && typeof source.code === 'string' ? source.code : '';
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  return isRecord(error) && typeof error.statusCode === 'number' ? error.statusCode : 500;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * The error catalogue: every code that a client can see, with its HTTP status and title. Codes are stable; a code never
 * changes its status. A test holds this table and the README's equal.
 */
export const errorCatalogue = {
  validation_failed: { status: 400, title: 'The request is not valid' },
  bad_json: { status: 400, title: 'The body is not JSON' },
  bad_cursor: { status: 400, title: 'The cursor is not one of this list' },
  self_follow: { status: 400, title: 'Following oneself is not possible' },
  self_block: { status: 400, title: 'Blocking oneself is not possible' },
  self_mute: { status: 400, title: 'Muting oneself is not possible' },
  unauthorized: { status: 401, title: 'A valid token is needed' },
  bad_credentials: { status: 401, title: 'Handle or password is wrong' },
  missing_scope: { status: 403, title: 'The token lacks a scope' },
  not_author: { status: 403, title: 'Only the author may do this' },
  blocked: { status: 403, title: 'One of the two has blocked the other' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This route has no such method' },
  handle_taken: { status: 409, title: 'The handle is taken' },
  idempotency_in_progress: { status: 409, title: 'The first request with this key is still running' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  idempotency_mismatch: { status: 422, title: 'The key was used with another request' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not available at the moment' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** One thing wrong with one field of a request; `field` is a path such as `text` or `items.3.id`. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly detail: string;
}

export interface AppErrorOptions {
  /** When to try again; set for `rate_limited` and `unavailable`, where it becomes `Retry-After`. */
  readonly retryAfterMs?: number;
  readonly errors?: readonly FieldError[];
  readonly cause?: unknown;
}

/** An answer that is not a success, in terms of the catalogue. Everything else that is thrown is a defect. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly retryAfterMs: number | undefined;
  readonly errors: readonly FieldError[] | undefined;

  constructor(
    readonly code: ErrorCode,
    readonly detail: string = errorCatalogue[code].title,
    options: AppErrorOptions = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
    this.errors = options.errors;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }
}

/** A dependency is away or overloaded; the request changed nothing that its repetition would not change again. */
export function unavailable(detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}): AppError {
  return new AppError('unavailable', detail, { retryAfterMs: 1000, ...options });
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

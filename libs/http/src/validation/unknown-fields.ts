import { AppError, type FieldError } from '#kernel';

/** Told of one request; the rest is as wrong, and telling it would make a long answer of a long request. */
export const FIELD_ERRORS_MAX = 100;

export const unknownField = (field: string): FieldError => ({
  field,
  code: 'unknown_field',
  detail: 'is not known here',
});

export function unknownFields(names: readonly string[]): AppError {
  return new AppError('validation_failed', undefined, { errors: names.slice(0, FIELD_ERRORS_MAX).map(unknownField) });
}

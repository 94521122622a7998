import { AppError, type FieldError } from '#kernel';

export const unknownField = (field: string): FieldError => ({
  field,
  code: 'unknown_field',
  detail: 'is not known here',
});

export function unknownFields(names: readonly string[]): AppError {
  return new AppError('validation_failed', undefined, { errors: names.map(unknownField) });
}

import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import * as z from 'zod';
import { AppError } from '#kernel';
import { fieldErrors } from './field-errors.ts';

/** Runs every parameter that names a schema through it: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`. */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new AppError('validation_failed', undefined, {
      errors: fieldErrors(result.error.issues, value, data ?? type),
    });
  }
}

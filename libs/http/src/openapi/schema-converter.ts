import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import * as z from 'zod';

type Converter = NonNullable<SwaggerDocumentOptions['standardSchemaConverter']>;

/** zod's JSON Schema in the dialect of OpenAPI 3.1; schemas with an id become components. */
export const schemaConverter: Converter = (schema, { schemaType }) => {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io: schemaType });
  return { schema: rest, components: $defs ?? {} };
};

/** A reference to the component of a schema that has an id. */
export function componentOf(schema: z.ZodType): { $ref: string } {
  const id = schema.meta()?.id;
  if (id === undefined) throw new Error('a schema without an id is no component');
  return { $ref: `#/components/schemas/${id}` };
}

/** The components that a schema is and needs. */
export function componentsOf(schema: z.ZodType): Record<string, object> {
  const text = JSON.stringify(z.toJSONSchema(schema).$defs ?? {}).replaceAll('#/$defs/', '#/components/schemas/');
  return JSON.parse(text) as Record<string, object>;
}

import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problem } from '../schemas/index.ts';
import { componentsOf, schemaConverter } from './schema-converter.ts';

const DESCRIPTION = `A social feed. Ids are decimal strings, times RFC 3339 in UTC. Lists take \`limit\` and \`cursor\`.
Errors are problems (RFC 9457) with a stable \`code\`.`;

/** The OpenAPI 3.1 document of everything that the application serves. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Groundswell')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', bearerFormat: 'JWT' }, 'bearer')
    .build();
  const document = SwaggerModule.createDocument(app, base, { standardSchemaConverter: schemaConverter });
  Object.assign(document.components?.schemas ?? {}, componentsOf(problem));
  return document;
}

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Headers } from '../headers/security-headers.ts';
import { openApiDocument } from './document.ts';

export const DOCS_PATH = '/docs';
export const OPENAPI_PATH = '/openapi.json';

/**
 * `/openapi.json` and its pages.
 * @param described the application that the document is about; it is put together when somebody asks for it first
 */
export function serveDocuments(
  app: NestFastifyApplication,
  described: NestFastifyApplication,
  pageHeaders: Headers,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  let document: OpenAPIObject | undefined;
  let bytes: Buffer | undefined;
  const load = (): OpenAPIObject => (document ??= openApiDocument(described));
  fastify.get(OPENAPI_PATH, (_request, reply) => {
    bytes ??= Buffer.from(JSON.stringify(load()));
    reply.header('content-type', 'application/json; charset=utf-8').send(bytes);
  });
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith(DOCS_PATH)) return;
    route.onSend = (_request, reply, _payload, done) => {
      reply.headers(pageHeaders);
      done();
    };
  });
  SwaggerModule.setup(DOCS_PATH, app, load, { raw: false, customSiteTitle: 'Groundswell API' });
}

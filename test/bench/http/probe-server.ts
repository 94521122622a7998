import { Controller, Get, Module, Query } from '@nestjs/common';
import { fastify } from 'fastify';
import * as z from 'zod';
import { Tokens } from '#auth';
import { createHttpApp, Endpoint, type ListQuery, listQuery, Viewer } from '#http';
import type { UserId } from '#ids';
import { systemClock } from '#kernel';
import { createLogger, Metrics } from '#observability';

/** As long as a page of twenty posts. */
export const PAGE = Buffer.from(JSON.stringify({ items: Array.from({ length: 20 }, () => 'x'.repeat(380)) }));

@Controller('v1/feed')
class PageController {
  @Get()
  @Endpoint({ tag: 'feed', summary: 'page', returnsJson: true, answers: { 200: z.unknown() } })
  page(@Viewer() _viewer: UserId, @Query({ schema: listQuery }) _query: ListQuery): Buffer {
    return PAGE;
  }
}

@Module({ controllers: [PageController] })
class PageModule {}

export interface ProbeServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  close(): Promise<unknown>;
}

/** Fastify and nothing else, sending the same bytes. */
export async function startBare(): Promise<ProbeServer> {
  const server = fastify();
  server.get('/v1/feed', (_request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').send(PAGE);
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  return { url: `${origin}/v1/feed?limit=20`, headers: {}, close: () => server.close() };
}

/** The application: a token, a validated query, headers, metrics. Rates are not limited: there is only one client. */
export async function startApp(): Promise<ProbeServer> {
  const tokens = new Tokens({ secret: 'a secret for the bench', ttlMs: 3_600_000, clock: systemClock });
  const app = await createHttpApp(PageModule, {
    http: { host: '127.0.0.1', port: 0, trustedProxies: [], rateLimits: false },
    tokens,
    logger: createLogger({ level: 'warn', service: 'bench' }),
    metrics: new Metrics(),
    health: [],
  });
  await app.listen(0, '127.0.0.1');
  const { token } = await tokens.issue({ userId: 1n as UserId });
  const headers = { authorization: `Bearer ${token}` };
  return { url: `${await app.getUrl()}/v1/feed?limit=20`, headers, close: () => app.close() };
}

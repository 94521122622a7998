import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { isUnchanged } from '#http';
import { type PageFile, readPageFiles } from './page-files.ts';

/**
 * Nothing but files of our own, nothing inline, and no string ever becomes markup or code (Trusted Types): whatever people
 * have called themselves is shown as text.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Serves the operators' page. It holds no data: anybody may have it, and what it asks needs a token. */
@Injectable()
export class PageRoutes implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const file of readPageFiles()) serve(fastify, file);
    fastify.get('/ops/', OPEN, (_request, reply) => reply.redirect('/ops', 308));
  }
}

const OPEN = { config: { policy: { token: 'open' } } } as const;

function serve(fastify: FastifyInstance, { path, type, bytes, etag }: PageFile): void {
  fastify.get(path, OPEN, (request, reply) => {
    reply.headers({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-cache' });
    if (isUnchanged(etag, request, reply)) return reply.send();
    return reply.type(type).send(bytes);
  });
}

import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TAG_CHARACTERS = 22;

/** A strong validator for a body: 128 bits of its SHA-1. */
export function etagOf(body: string | Buffer): string {
  return `"${hash('sha1', body, 'base64url').slice(0, TAG_CHARACTERS)}"`;
}

/** Sets the ETag and, if the client has this version already, the status 304: then send no body. */
export function isUnchanged(etag: string, request: FastifyRequest, reply: FastifyReply): boolean {
  reply.header('etag', etag);
  const known = request.headers['if-none-match'];
  if (known === undefined || !includesTag(known, etag)) return false;
  reply.code(304);
  return true;
}

/** Weak comparison, RFC 9110, 13.1.2. */
export function includesTag(header: string, etag: string): boolean {
  return header === etag || header.split(',').some((item) => ['*', etag].includes(item.trim().replace(/^W\//, '')));
}

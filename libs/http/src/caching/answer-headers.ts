import type { FastifyReply } from 'fastify';
import type { RoutePolicy } from '../routing/route-policy.ts';

/** So short that counts are right within two seconds through a CDN, and long enough that a crowd costs one request a second. */
const PUBLIC = 'public, max-age=1, stale-while-revalidate=5';
const PRIVATE = 'private, no-store';
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * The headers that a route's answers have, with and without a token: who may keep them, and of what type they are where
 * Fastify can't tell. Put together once per route. Problems have their own.
 */
export function answerHeaders(
  { token, returnsJson }: RoutePolicy,
  method: string,
): (reply: FastifyReply, hasToken: boolean) => void {
  const type = returnsJson ? { 'content-type': JSON_TYPE } : {};
  const isPublic = token === 'optional' && (method === 'GET' || method === 'HEAD');
  const vary = isPublic ? { vary: 'Authorization' } : {};
  const withToken = { ...type, ...vary, 'cache-control': PRIVATE };
  const without = { ...withToken, 'cache-control': isPublic ? PUBLIC : PRIVATE };
  return (reply, hasToken) => void reply.headers(hasToken ? withToken : without);
}

import type { RoutePolicy } from '../routing/route-policy.ts';
import type { Headers } from './security-headers.ts';

/** So short that counts are right within two seconds through a CDN, and long enough that a crowd costs one request a second. */
const PUBLIC = 'public, max-age=1, stale-while-revalidate=5';
const PRIVATE = 'private, no-store';
const JSON_TYPE = 'application/json; charset=utf-8';

/** All headers of a route's answers that are the same each time, put together once. Problems have their own. */
export interface AnswerHeaders {
  readonly withToken: Headers;
  readonly withoutToken: Headers;
}

export function answerHeaders(security: Headers, { token, returnsJson }: RoutePolicy, method: string): AnswerHeaders {
  const type = returnsJson ? { 'content-type': JSON_TYPE } : {};
  const isPublic = token === 'optional' && (method === 'GET' || method === 'HEAD');
  const vary = isPublic ? { vary: 'Authorization' } : {};
  const withToken = { ...security, ...type, ...vary, 'cache-control': PRIVATE };
  return { withToken, withoutToken: { ...withToken, 'cache-control': isPublic ? PUBLIC : PRIVATE } };
}

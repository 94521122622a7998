import { check } from 'k6';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import type { Person } from './people.ts';
import { baseUrl } from './settings.ts';

export interface Author {
  readonly id: string;
  readonly handle: string;
}

export interface Post {
  readonly id: string;
  readonly author: Author;
  readonly text: string;
  readonly replyTo: string | null;
  readonly repostOf: Post | null;
  readonly likeCount: number;
  readonly replyCount: number;
  readonly likedByMe: boolean | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  readonly state?: 'complete' | 'rebuilding' | 'degraded';
}

type Answer = RefinedResponse<ResponseType | undefined>;
export interface Call {
  /** With ids left out, so that a route is one line of the report. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Undefined: without a token. */
  readonly as?: Person | undefined;
  readonly body?: object;
}

/** The body of a success of the given status, or undefined; what goes wrong counts as a failed check. */
export function call<Body>(request: Call, status = 200): Body | undefined {
  const { method, url, body, params } = prepared(request);
  return bodyOf<Body>(request, http.request(method, url, body, params), status);
}

/** Several at once. */
export function callAll<Body>(requests: readonly Call[], status: number): (Body | undefined)[] {
  return http
    .batch(requests.map(prepared))
    .map((answer, i) => bodyOf<Body>(requests[i] as Call, answer as Answer, status));
}

function prepared({ name, method, path, as, body }: Call) {
  const headers: Record<string, string> = {};
  if (as) headers.authorization = `Bearer ${as.token}`;
  if (body) headers['content-type'] = 'application/json';
  const params = { headers, tags: { name: `${method} ${name}` } };
  return { method, url: baseUrl + path, body: body ? JSON.stringify(body) : null, params };
}

function bodyOf<Body>({ method, name }: Call, answer: Answer, status: number): Body | undefined {
  const { status: got } = answer;
  if (got === 429) check(answer, { 'the server does not limit rates (RATE_LIMITS=off)': () => false });
  const good = check(answer, { [`${method} ${name}: ${status}`]: () => got === status });
  return good ? (answer.json() as Body) : undefined;
}

export const readPost = (id: string, as?: Person): Post | undefined =>
  call<Post>({ name: '/v1/posts/:id', method: 'GET', path: `/v1/posts/${id}`, as });

export const readFeed = (as: Person, limit = 20, cursor?: string): Page<Post> | undefined =>
  call<Page<Post>>({ name: '/v1/feed', method: 'GET', path: `/v1/feed?${query(limit, cursor)}`, as });

/** Walks over a list to its end, or as many pages as are asked for. */
export function readList<Item>(path: string, name: string, as: Person | undefined, pagesMax = 50): Item[] {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < pagesMax; pages++) {
    const page = call<Page<Item>>({ name, method: 'GET', path: `${path}?${query(100, cursor)}`, as });
    if (!page) return items;
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
  return items;
}

export const writePost = (as: Person, text: string, replyTo?: string): Post | undefined =>
  call<Post>(postCall(as, text, replyTo), 201);

export const postCall = (as: Person, text: string, replyTo?: string): Call => ({
  name: '/v1/posts',
  method: 'POST',
  path: '/v1/posts',
  as,
  body: replyTo === undefined ? { text } : { text, replyTo },
});

const query = (limit: number, cursor?: string): string =>
  cursor === undefined ? `limit=${limit}` : `limit=${limit}&cursor=${encodeURIComponent(cursor)}`;

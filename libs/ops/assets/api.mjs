/** An answer that is no success, in the API's own words. */
export class Refusal extends Error {
  constructor(status, code, detail, retryAfterMs) {
    super(detail);
    Object.assign(this, { status, code, retryAfterMs });
  }
}

const TIMEOUT_MS = 10_000;

export async function ask(token, method, path) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(path, { method, headers, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.status === 204) return undefined;
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const retryAfterMs = 1000 * Number(answer.headers.get('retry-after') ?? 0);
  throw new Refusal(answer.status, body.code, body.detail ?? body.title ?? answer.statusText, retryAfterMs);
}

import { Tokens } from '#auth';
import { openSecret, readConfig } from '#config';
import { parseId, type UserId } from '#ids';
import { systemClock } from '#kernel';

/** Who holds the secret: talks to a running server as an operator. Finds both by the variables that the server uses. */
export class Operator {
  #token: Promise<string> | undefined;

  private constructor(
    readonly base: string,
    private readonly tokens: Tokens,
  ) {}

  static async open(env: NodeJS.ProcessEnv): Promise<Operator> {
    const { http, auth, dataDir } = readConfig(env);
    const secret = auth.secret ?? (await openSecret(dataDir));
    const host = http.host.includes(':') ? `[${http.host}]` : http.host;
    const base = env.BASE_URL ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${http.port}`;
    return new Operator(base.replace(/\/$/, ''), new Tokens({ secret, ttlMs: auth.tokenTtlMs, clock: systemClock }));
  }

  /** @param userId undefined: a token of no account, for operators. */
  async issueToken(userId: UserId | undefined, ops = false): Promise<string> {
    const identity = { ...(userId !== undefined && { userId }), ops };
    return (await this.tokens.issue(identity)).token;
  }

  async findUserId(handle: string): Promise<UserId | undefined> {
    const answer = await this.#fetch('GET', `/v1/users/@${handle}`);
    if (answer.status === 404) return undefined;
    const { id } = (await bodyOf(answer)) as { id: string };
    return parseId<UserId>(id);
  }

  /** The body of a success. Throws with a message for people; waits and tries again where the server asks for it. */
  async call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    for (;;) {
      const answer = await this.#fetch(method, path, body);
      const retryAfterS = Number(answer.headers.get('retry-after'));
      if ((answer.status !== 429 && answer.status !== 503) || !retryAfterS) return (await bodyOf(answer)) as Body;
      await answer.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, retryAfterS * 1000));
    }
  }

  async #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    this.#token ??= this.issueToken(undefined, true);
    const headers: Record<string, string> = { authorization: `Bearer ${await this.#token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      return await fetch(this.base + path, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new Error(`no server answers at ${this.base}; start one with npm start, or set HOST and PORT`, {
        cause: error,
      });
    }
  }
}

async function bodyOf(answer: Response): Promise<unknown> {
  const body = (await answer.json()) as { detail?: string; code?: string };
  if (answer.ok) return body;
  if (answer.status === 401)
    throw new Error('the server does not take our token; set the AUTH_SECRET or DATA_DIR that it uses');
  throw new Error(`the server refused: ${answer.status} ${body.code ?? ''} ${body.detail ?? ''}`);
}

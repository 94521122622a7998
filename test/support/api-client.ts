import { EventStream } from './event-stream.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: any;
}

export interface ApiPost {
  readonly id: string;
  readonly author: { readonly id: string };
  readonly text: string;
  readonly replyTo: string | null;
  readonly repostOf: ApiPost | null;
  readonly likeCount: number;
  readonly replyCount: number;
  readonly repostCount: number;
}

export interface ApiPage {
  readonly items: ApiPost[];
  readonly nextCursor: string | null;
  readonly state: 'complete' | 'rebuilding' | 'degraded';
}

/** An account of a server under test. */
export class ApiClient {
  constructor(
    private readonly base: string,
    readonly id: string,
    private readonly token: string | undefined,
  ) {}

  static async register(base: string, handle: string): Promise<ApiClient> {
    const anybody = new ApiClient(base, '', undefined);
    const { user, token } = await anybody.expect('POST', '/v1/users', { handle, password: 'correct horse' });
    return new ApiClient(base, user.id as string, token as string);
  }

  /** The same person, asking elsewhere. */
  at(base: string): ApiClient {
    return new ApiClient(base, this.id, this.token);
  }

  /** One's stream of events, as text; `cancel` ends it. */
  async stream(): Promise<ReadableStreamDefaultReader<string>> {
    const headers = { authorization: `Bearer ${this.token}` };
    const { status, body } = await fetch(`${this.base}/v1/feed/stream`, { headers });
    if (status !== 200 || !body) throw new Error(`the stream answers ${status}`);
    return body.pipeThrough(new TextDecoderStream()).getReader();
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const answer = await fetch(this.base + path, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) };
  }

  /** The body of a success; throws for anything else. */
  async expect(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any> {
    const { status, json } = await this.request(method, path, body, headers);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  /** What stands behind `Bearer` in its requests. */
  get bearer(): string {
    return this.token ?? '';
  }

  /** The ids of all posts of its own, newest first. */
  async allPosts(): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const position = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await this.expect('GET', `/v1/users/${this.id}/posts?limit=100${position}`)) as ApiPage;
      ids.push(...page.items.map((post) => post.id));
      cursor = page.nextCursor;
    }
    return ids;
  }

  post(text: string, replyTo?: string): Promise<ApiPost> {
    return this.expect('POST', '/v1/posts', { text, ...(replyTo !== undefined && { replyTo }) }) as Promise<ApiPost>;
  }

  repost(of: string): Promise<ApiPost> {
    return this.expect('POST', '/v1/posts', { repostOf: of }) as Promise<ApiPost>;
  }

  feed(limit = 20, cursor?: string | null): Promise<ApiPage> {
    const position = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    return this.expect('GET', `/v1/feed?limit=${limit}${position}`) as Promise<ApiPage>;
  }

  openStream(lastEventId?: string): Promise<EventStream> {
    return EventStream.open(`${this.base}/v1/feed/stream`, this.bearer, lastEventId);
  }
}

import { Tokens } from '#auth';
import { idOf, type UserId } from '#ids';
import { systemClock } from '#kernel';
import { ApiClient, seededChance } from '#test';

/**
 * How long a client waits that is going to hang up, and one that is not: longer than a busy server takes, since what it has
 * given up may be done after what it does next. A server that dies cuts the connection.
 */
const HASTY_MS = 3;
const PATIENT_MS = 60_000;
/** As a client does that has been told to come back later. */
const RETRY_AFTER_MS = 50;
const AT_ONCE = 200;
const TALKERS = 5;
const REPLIES_EACH = 4;

/** Somebody with an account, and a token of theirs. */
interface Talker {
  readonly token: string;
}

interface User {
  readonly id: bigint;
  readonly token: string;
  readonly unlikes: boolean;
  readonly follows: boolean;
  readonly sendsTwice: boolean;
  /** On the last thing that they do: a request that nobody waits for may arrive at any time, also after a later one. */
  readonly hangsUp: boolean;
}

export interface CrowdOptions {
  readonly secret: string;
  readonly users: number;
  /** Where to send the next request. */
  readonly url: () => string;
  /** To be waited for after a connection was cut. */
  readonly isUp: () => Promise<unknown>;
}

/**
 * Many users who like one post at once: half of them take it back, a fifth send everything twice, some hang up; a quarter
 * follow the author. Beside them some people reply and repost, each under a key that they send twice. All are patient:
 * they repeat whatever was not answered.
 */
export class LikeCrowd {
  #answered = 0;
  #stopped = false;
  #users: readonly User[] = [];

  private constructor(
    private readonly options: CrowdOptions,
    readonly author: ApiClient,
    readonly post: string,
    private readonly talkers: readonly Talker[],
  ) {}

  static async gather(options: CrowdOptions): Promise<LikeCrowd> {
    const base = options.url();
    const author = await ApiClient.register(base, 'author');
    const { id } = await author.post('Like this one.');
    const tokens = new Tokens({ secret: options.secret, ttlMs: 3_600_000, clock: systemClock });
    const names = Array.from({ length: TALKERS }, (_, i) => `talker_${i}`);
    const talkers = names.map(async (name) =>
      tokens.issue({ userId: idOf<UserId>(BigInt((await ApiClient.register(base, name)).id)) }),
    );
    const crowd = new LikeCrowd(options, author, id, await Promise.all(talkers));
    crowd.#users = await newUsers(options.users, tokens);
    return crowd;
  }

  /** Answers so far; there will be more of them than users. */
  get answered(): number {
    return this.#answered;
  }

  /** Who likes the post in the end, ascending. */
  get likers(): bigint[] {
    return this.#users.filter(({ unlikes }) => !unlikes).map(({ id }) => id);
  }

  get followers(): bigint[] {
    return this.#users.filter(({ follows }) => follows).map(({ id }) => id);
  }

  readonly replies = TALKERS * REPLIES_EACH;
  readonly reposts = TALKERS;

  /** Everybody goes home. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when everybody has had the answers that they want. */
  async run(): Promise<void> {
    let next = 0;
    const live = async (): Promise<void> => {
      for (let user = this.#users[next++]; user; user = this.#users[next++]) await this.#act(user);
    };
    await Promise.all([...Array.from({ length: AT_ONCE }, live), ...this.talkers.map((who) => this.#talk(who))]);
  }

  async #act({ token, unlikes, follows, sendsTwice, hangsUp }: User): Promise<void> {
    const times = sendsTwice ? [1, 2] : [1];
    const like = `/v1/posts/${this.post}/like`;
    const headers = { authorization: `Bearer ${token}` };
    const send = (method: string, path: string, hasty: boolean): Promise<unknown> =>
      Promise.all(times.map(() => this.#insist({ method, headers }, path, hasty)));
    if (follows) await send('PUT', `/v1/users/${this.author.id}/follow`, false);
    await send('PUT', like, hangsUp && !unlikes);
    if (unlikes) await send('DELETE', like, hangsUp);
  }

  async #talk({ token }: Talker): Promise<void> {
    const say = (body: object, key: string): Promise<unknown> => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      };
      const request = { method: 'POST', headers, body: JSON.stringify(body) };
      return Promise.all([1, 2].map(() => this.#insist(request, '/v1/posts', false)));
    };
    for (let i = 0; i < REPLIES_EACH; i++) await say({ text: `Reply ${i}`, replyTo: this.post }, `reply-${i}`);
    await say({ repostOf: this.post }, 'repost');
  }

  /** Repeats until there is an answer. */
  async #insist(request: RequestInit, path: string, hasty: boolean): Promise<void> {
    for (let waitMs = hasty ? HASTY_MS : PATIENT_MS; ; waitMs = PATIENT_MS) {
      const answer = await send(this.options.url() + path, request, waitMs);
      if (answer === undefined) await this.options.isUp();
      else if (answer.status < 300) break;
      else if (answer.status !== 503 && answer.status !== 409)
        throw new Error(`${String(request.method)} ${path}: ${answer.status} ${answer.body}`);
      if (this.#stopped) throw new Error('the crowd was sent home');
      await new Promise<void>((resolve) => systemClock.after(RETRY_AFTER_MS, resolve));
    }
    this.#answered++;
  }
}

/** The answer; undefined where the connection was cut, by us after some time or by the other side. */
async function send(url: string, request: RequestInit, waitMs: number) {
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(waitMs) });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return undefined;
  }
}

async function newUsers(users: number, tokens: Tokens): Promise<User[]> {
  const chance = seededChance(11);
  const base = BigInt(Date.now()) << 22n;
  return Promise.all(
    Array.from({ length: users }, async (_, i) => {
      const id = base + (BigInt(i) << 22n);
      const { token } = await tokens.issue({ userId: id as UserId });
      const [unlikes, follows] = [i % 2 === 0, i % 4 === 1];
      return { id, token, unlikes, follows, sendsTwice: chance() < 0.2, hangsUp: chance() < 0.05 };
    }),
  );
}

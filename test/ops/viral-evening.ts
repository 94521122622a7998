import type { Tokens } from '#auth';
import type { UserId } from '#ids';
import { ApiClient, type ApiPost } from '#test';

const PEOPLE = ['ada', 'bruno', 'chiara', 'dmitri', 'elif', 'farid', 'greta', 'hugo'];
const TALKERS = 2;
const LIKES_AT_ONCE = 4;

/** A small town and one post that everybody has to see: for a picture, so it goes on until it is ended. */
export class ViralEvening {
  #isOver = false;
  readonly #work: Promise<unknown>[] = [];

  private constructor(
    private readonly url: string,
    private readonly tokens: Tokens,
    readonly post: ApiPost,
    private readonly people: readonly ApiClient[],
  ) {}

  static async begin(url: string, tokens: Tokens): Promise<ViralEvening> {
    const author = await ApiClient.register(url, 'lighthouse');
    await author.expect('PATCH', '/v1/me', { displayName: 'Cape Aster Lighthouse' });
    const people = await Promise.all(PEOPLE.map((name) => ApiClient.register(url, name)));
    for (const { id } of [author, ...people]) {
      const others = people.filter((person) => person.id !== id);
      await Promise.all(others.map((person) => person.expect('PUT', `/v1/users/${id}/follow`)));
    }
    const post = await author.post('The light is on again, for the first time in forty years.');
    const evening = new ViralEvening(url, tokens, post, people);
    evening.#run();
    return evening;
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#work);
  }

  #run(): void {
    for (const person of this.people.slice(0, TALKERS)) this.#work.push(this.#talk(person));
    for (let i = 0; i < LIKES_AT_ONCE; i++) this.#work.push(this.#like(1n + BigInt(i)));
  }

  async #talk(person: ApiClient): Promise<void> {
    for (let i = 1; !this.#isOver; i++) {
      await person.post(`I can see it from here (${i})`, this.post.id);
      await person.feed();
    }
  }

  /** Passers-by, each of whom likes it once. */
  async #like(first: bigint): Promise<void> {
    for (let id = (1n << 40n) + first; !this.#isOver; id += BigInt(LIKES_AT_ONCE)) {
      const { token } = await this.tokens.issue({ userId: id as UserId });
      await new ApiClient(this.url, String(id), token).expect('PUT', `/v1/posts/${this.post.id}/like`);
    }
  }
}

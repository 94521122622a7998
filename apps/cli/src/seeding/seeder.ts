import type { Operator } from '../operator/operator.ts';
import { Progress } from './progress.ts';
import type { SeedPlan } from './seed-plan.ts';

export interface SeededUser {
  readonly handle: string;
  readonly id: string;
}

interface ImportedUser extends SeededUser {
  readonly postCount: number;
}

// Bodies stay below the 64 KiB that the server takes.
const HANDLES_PER_CALL = 1000;
const FOLLOWS_PER_CALL = 1300;
const POSTS_PER_CALL = 400;
const CALLS_AT_ONCE = 3;

/** Brings a running server to what a plan says; what is there already is left as it is. */
export class Seeder {
  constructor(private readonly operator: Operator) {}

  async run(plan: SeedPlan): Promise<SeededUser[]> {
    const users = await this.#users(plan.handles);
    await this.#follows(plan, users);
    await this.#posts(plan, users);
    return users.map(({ handle, id }) => ({ handle, id }));
  }

  async #users(handles: readonly string[]): Promise<ImportedUser[]> {
    const answers = await this.#inBatches('users', handles, HANDLES_PER_CALL, (batch) =>
      this.operator.call<{ users: ImportedUser[] }>('POST', '/v1/ops/import/users', { handles: batch }),
    );
    return answers.flatMap((answer) => answer.users);
  }

  /** By followee: the server makes one change of their followers of it, not one for each. */
  async #follows({ follows }: SeedPlan, users: readonly ImportedUser[]): Promise<void> {
    const pairs = follows.toSorted(([, a], [, b]) => a - b).map(([a, b]) => [users[a]?.id, users[b]?.id]);
    await this.#inBatches('follows', pairs, FOLLOWS_PER_CALL, (batch) =>
      this.operator.call('POST', '/v1/ops/import/follows', { follows: batch }),
    );
  }

  /** A user's first posts of the plan are taken for those they have. */
  async #posts({ authors }: SeedPlan, users: readonly ImportedUser[]): Promise<void> {
    const present = Uint32Array.from(users, (user) => user.postCount);
    const missing: [string, string][] = [];
    authors.forEach((author, i) => {
      const left = present[author] ?? 0;
      if (left > 0) present[author] = left - 1;
      else missing.push([users[author]?.id ?? '', textOf(i)]);
    });
    await this.#inBatches('posts', missing, POSTS_PER_CALL, (batch) =>
      this.operator.call('POST', '/v1/ops/import/posts', { posts: batch }),
    );
  }

  async #inBatches<Item, Answer>(
    what: string,
    items: readonly Item[],
    size: number,
    send: (batch: Item[]) => Promise<Answer>,
  ): Promise<Answer[]> {
    const progress = new Progress(what, items.length);
    const answers: Answer[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next * size < items.length) {
        const at = next++;
        const batch = items.slice(at * size, (at + 1) * size);
        answers[at] = await send(batch);
        progress.add(batch.length);
      }
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
    progress.end();
    return answers;
  }
}

const OPENINGS = [
  'Good morning.',
  'Seen on the way home:',
  'Question:',
  'Today I learned',
  'Nobody asked, but',
  'News:',
];
const THINGS = [
  'the sea is calm',
  'bread needs time',
  'the night train is back',
  'it rains in June',
  'caches lie',
  'all is well',
];

function textOf(i: number): string {
  const opening = OPENINGS[i % OPENINGS.length] ?? '';
  const thing = THINGS[Math.floor(i / OPENINGS.length) % THINGS.length] ?? '';
  return `${opening} ${thing} (${i + 1})`;
}

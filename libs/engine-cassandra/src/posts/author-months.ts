import type { UserId } from '#ids';
import type { Clock } from '#kernel';
import type { Database } from '../database/database.ts';
import { BucketDirectory } from './bucket-directory.ts';
import { monthAt } from './time-buckets.ts';

interface Known {
  readonly months: readonly number[];
  readonly untilMs: number;
}

const AUTHORS_MAX = 20_000;
const VALID_MS = 60_000;

/** The months in which authors have posted, known for a minute, because a feed that is put together asks repeatedly. */
export class AuthorMonths {
  readonly #directory: BucketDirectory;
  /** Oldest first. */
  readonly #known = new Map<UserId, Known>();

  constructor(
    db: Database,
    private readonly clock: Clock,
  ) {
    this.#directory = new BucketDirectory(db, { table: 'author_months', owner: 'author_id', bucket: 'month' });
  }

  async note(author: UserId, month: number): Promise<void> {
    await this.#directory.note(author, month);
    if (this.#known.get(author)?.months.includes(month) === false) this.#known.delete(author);
  }

  /** Ascending. Complete but for months other than the present one that another process has begun this minute. */
  async list(author: UserId): Promise<readonly number[]> {
    const known = this.#known.get(author);
    if (known === undefined || known.untilMs < this.clock.elapsed()) return this.#load(author);
    const present = monthAt(this.clock.now());
    return (known.months.at(-1) ?? 0) >= present ? known.months : [...known.months, present];
  }

  async #load(author: UserId): Promise<readonly number[]> {
    const untilMs = this.clock.elapsed() + VALID_MS;
    const months = await this.#directory.load(author);
    this.#known.delete(author);
    this.#known.set(author, { months, untilMs });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= AUTHORS_MAX) break;
      this.#known.delete(oldest);
    }
    return months;
  }
}

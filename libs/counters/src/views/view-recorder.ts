import type { PostId } from '#ids';
import { type Chance, type Clock, isAppError, Repetition } from '#kernel';
import type { ViewGain } from '#storage';
import type { ViewBuffer } from './view-buffer.ts';

export interface ViewRecorderOptions {
  readonly buffer: ViewBuffer;
  readonly clock: Clock;
  readonly chance: Chance;
  /** How long views are gathered in the process. */
  readonly intervalMs?: number;
  /** Told when a round fails for another reason than that the buffer is away. */
  readonly onError?: (error: unknown) => void;
}

/** Different posts gathered in one round; views of further ones are not counted. */
const POSTS_MAX = 50_000;
/** Posts in one add: about a millisecond of the buffer's time. */
const POSTS_PER_ADD = 1_000;
/** A round with more posts than this for each bucket doubles the buckets. */
const POSTS_PER_BUCKET = 5_000;
const BUCKETS_MAX = 64;

/**
 * Counts views where they happen: an entry in a map for each, and one write for each post and round, however often it
 * was seen. Rounds go to buckets drawn by chance, so that no node takes all of them. At most once: what was sent and not
 * answered is not sent again, and a process that dies loses what it had gathered.
 */
export class ViewRecorder {
  readonly #buffer: ViewBuffer;
  readonly #chance: Chance;
  readonly #rounds: Repetition;
  #gathered = new Map<PostId, number>();
  #lost = 0;

  constructor({ buffer, clock, chance, intervalMs = 1000, onError = () => undefined }: ViewRecorderOptions) {
    this.#buffer = buffer;
    this.#chance = chance;
    this.#rounds = new Repetition(clock, intervalMs, () => this.flush(), onError);
  }

  /** Views that could not be kept. */
  get lost(): number {
    return this.#lost;
  }

  record(post: PostId): void {
    const views = this.#gathered.get(post);
    if (views !== undefined || this.#gathered.size < POSTS_MAX) this.#gathered.set(post, (views ?? 0) + 1);
    else this.#lost++;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    await this.flush();
  }

  /** One round. While the buffer is away nothing is sent, and views go on gathering. */
  async flush(): Promise<void> {
    if (this.#gathered.size === 0) return;
    const buckets = await unlessAway(this.#bucketsFor(this.#gathered.size));
    if (buckets === undefined) return;
    const gains = Array.from(this.#gathered, ([postId, views]) => ({ postId, views }));
    this.#gathered = new Map();
    for (let at = 0; at < gains.length; at += POSTS_PER_ADD)
      await this.#send(Math.floor(this.#chance() * buckets), gains.slice(at, at + POSTS_PER_ADD));
  }

  async #bucketsFor(posts: number): Promise<number> {
    const buckets = await this.#buffer.buckets();
    if (posts > POSTS_PER_BUCKET * buckets && buckets < BUCKETS_MAX) await this.#buffer.growTo(2 * buckets);
    return buckets;
  }

  async #send(bucket: number, gains: readonly ViewGain[]): Promise<void> {
    const sent = await unlessAway(this.#buffer.add(bucket, gains).then(() => true));
    if (sent !== true) for (const { views } of gains) this.#lost += views;
  }
}

/** Undefined when the buffer is away. */
async function unlessAway<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAppError(error, 'unavailable')) return undefined;
    throw error;
  }
}

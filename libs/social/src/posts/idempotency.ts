import { createHash } from 'node:crypto';
import type { PostId, UserId } from '#ids';
import { AppError, type Clock, isAppError, pause } from '#kernel';
import type { IdempotencyRecord, IdempotencyStore } from '#storage';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** @param postId the id to work under: the same in every attempt at one key. */
export type IdempotentWork = (postId: PostId) => Promise<Answer>;

export interface IdempotencyTiming {
  readonly keptMs: number;
  /** Within this time an attempt is left alone; after it, a repetition takes over. */
  readonly leaseMs: number;
  /** How long a repetition waits for the first answer. */
  readonly waitMs: number;
  readonly pollMs: number;
}

export const idempotencyTiming: IdempotencyTiming = { keptMs: 86_400_000, leaseMs: 6_000, waitMs: 5_000, pollMs: 50 };

/** Does the work of one (user, key) once and answers repetitions with the first success. Only successes are kept. */
export class Idempotency {
  constructor(
    private readonly store: IdempotencyStore,
    private readonly newId: () => PostId,
    private readonly clock: Clock,
    private readonly timing: IdempotencyTiming = idempotencyTiming,
  ) {}

  /** @throws AppError `idempotency_mismatch`, `idempotency_in_progress`, and what the work throws. */
  async run(user: UserId, key: string, request: unknown, work: IdempotentWork): Promise<Answer> {
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('base64url');
    const claim = { fingerprint, postId: this.newId(), leaseUntilMs: this.clock.now() + this.timing.leaseMs };
    let seen = await this.store.claim(user, key, claim, this.timing.keptMs);
    if (!seen) return this.#do(user, key, { ...claim, answer: undefined }, work);
    for (const untilMs = this.clock.elapsed() + this.timing.waitMs; ;) {
      if (seen.fingerprint !== fingerprint) throw new AppError('idempotency_mismatch');
      if (seen.answer) return seen.answer;
      if (seen.leaseUntilMs <= this.clock.now()) {
        const leaseUntilMs = this.clock.now() + this.timing.leaseMs;
        if (await this.store.takeOver(user, key, seen, leaseUntilMs)) {
          return this.#do(user, key, { ...seen, leaseUntilMs }, work);
        }
      }
      if (this.clock.elapsed() >= untilMs) throw new AppError('idempotency_in_progress');
      await pause(this.timing.pollMs, this.clock);
      const next = await this.store.find(user, key);
      if (!next) return this.run(user, key, request, work); // the first attempt was refused, and is not kept
      seen = next;
    }
  }

  async #do(user: UserId, key: string, record: IdempotencyRecord, work: IdempotentWork): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await work(record.postId);
    } catch (error) {
      await this.#giveUp(user, key, record, error);
      throw error;
    }
    await this.store.complete(user, key, { ...record, answer }, this.timing.keptMs);
    return answer;
  }

  /** A refusal frees the key. After a failure nobody knows what was done: the next attempt must use the same id. */
  async #giveUp(user: UserId, key: string, record: IdempotencyRecord, error: unknown): Promise<void> {
    if (isAppError(error) && error.status < 500) await this.store.release(user, key);
    else await this.store.takeOver(user, key, record, this.clock.now()).catch(() => false);
  }
}

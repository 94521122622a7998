import type { IndexMark, ShardCount } from '#storage';

/** What became of an operation. */
export interface Outcome {
  /** Whether it, and not somebody before it, made the difference. */
  readonly changed: boolean;
  /** Since when the member is one, as the set was left; undefined when it is none. */
  readonly since: bigint | undefined;
  /** The member's shard as it was left. */
  readonly at: ShardCount;
}

/** The member's own row about the subject, for a store that writes it together with the set. */
export type OwnRow = Pick<IndexMark, 'partition' | 'subject'>;

/** One caller's wish for one member, on its way to the commit that decides it. Only the first answer counts. */
export class Operation {
  readonly outcome: Promise<Outcome>;
  #resolve!: (outcome: Outcome) => void;
  #reject!: (reason: unknown) => void;
  #onAnswer: (() => void) | undefined;

  /**
   * @param since when the membership begins; undefined to end it.
   * @param deadlineMs on the monotonic clock: after it the caller has been refused.
   * @param onAnswer called once.
   * @param row undefined where the index is somebody else's business.
   */
  constructor(
    readonly member: bigint,
    readonly since: bigint | undefined,
    readonly deadlineMs: number,
    onAnswer: () => void = () => undefined,
    readonly row?: OwnRow,
  ) {
    this.#onAnswer = onAnswer;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether its caller has gone: nothing may happen for them any more that has not begun. */
  get isAnswered(): boolean {
    return this.#onAnswer === undefined;
  }

  resolve(outcome: Outcome): void {
    this.#resolve(outcome);
    this.#answered();
  }

  reject(reason: unknown): void {
    this.#reject(reason);
    this.#answered();
  }

  #answered(): void {
    this.#onAnswer?.();
    this.#onAnswer = undefined;
  }
}

import { pause } from '#kernel';
import type { StatementContext } from './statement.ts';
import { leavesInDoubt } from './failure.ts';

/** An answer, and whether it is that to a repetition. */
export interface Repeatable<T> {
  readonly answer: T;
  readonly repetition: boolean;
}

const PAUSE_MS = 20;
const PAUSE_DOUBLINGS = 5;

/**
 * Sends what competes with others for a partition, conditional writes and serial reads, until there is an answer or the
 * deadline has passed. Nothing is repeated that was certainly not done, for lack of nodes: that is told at once.
 */
export async function repeatInDoubt<T>(
  { requests, chance }: StatementContext,
  send: () => Promise<T>,
): Promise<Repeatable<T>> {
  const deadlineMs = requests.deadline();
  for (let repeats = 0; ; repeats++) {
    try {
      return { answer: await requests.run(send, deadlineMs), repetition: repeats > 0 };
    } catch (error) {
      if (!leavesInDoubt(error) || requests.clock.elapsed() >= deadlineMs) throw error;
    }
    // The time-outs come from others who write to the same partition: by chance they meet less often.
    const pauseMs = chance() * PAUSE_MS * 2 ** Math.min(repeats, PAUSE_DOUBLINGS);
    await pause(pauseMs, requests.clock);
  }
}

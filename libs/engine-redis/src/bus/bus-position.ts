import { AppError } from '#kernel';

/** A place in one life of the stream. */
export interface BusPlace {
  readonly epoch: string;
  /** A stream id: milliseconds and sequence. */
  readonly id: string;
}

export function formatPosition({ epoch, id }: BusPlace): string {
  return `${epoch}.${id}`;
}

export function parsePosition(position: string): BusPlace {
  const match = /^([a-z0-9]{1,16})\.(\d{1,15}-\d{1,15})$/.exec(position);
  if (!match?.[1] || !match[2]) {
    throw new AppError('validation_failed', 'This is no position in the stream', {
      errors: [{ field: 'Last-Event-ID', code: 'invalid', detail: 'not an id that the stream has sent' }],
    });
  }
  return { epoch: match[1], id: match[2] };
}

/** Whether `a` comes before `b` in the same life of the stream. */
export function isBefore(a: BusPlace, b: BusPlace): boolean {
  if (a.epoch !== b.epoch) return false;
  const [aMs = 0, aSequence = 0] = a.id.split('-').map(Number);
  const [bMs = 0, bSequence = 0] = b.id.split('-').map(Number);
  return aMs < bMs || (aMs === bMs && aSequence < bSequence);
}

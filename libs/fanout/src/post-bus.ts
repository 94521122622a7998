import type { PostId, UserId } from '#ids';

/** A position on the bus: everything up to it has been seen. Opaque. */
export type BusPosition = string;

export type BusEvent =
  | { readonly kind: 'post'; readonly postId: PostId; readonly authorId: UserId }
  | { readonly kind: 'relations'; readonly viewer: UserId };

export interface BusBatch {
  readonly events: readonly { readonly position: BusPosition; readonly event: BusEvent }[];
  /** Where to go on. */
  readonly next: BusPosition;
}

/**
 * One message per post for all processes that have viewers connected, in one order for everybody, kept for some minutes:
 * a position taken from one process is good at every other. Announcements are made once the write they speak of is
 * durable.
 */
export abstract class PostBus {
  /** Announces a post; again within minutes does nothing. */
  abstract announcePost(postId: PostId, authorId: UserId): Promise<void>;
  /** Announces that a viewer's relations changed. */
  abstract announceRelations(viewer: UserId): Promise<void>;
  /** Whether position `a` lies behind `b`; false also for positions of another life of the bus. */
  abstract isBehind(a: BusPosition, b: BusPosition): boolean;
  /** The position after everything announced so far. */
  abstract head(): Promise<BusPosition>;
  /**
   * Events after a position, in order; waits up to `waitMs` for the first. Undefined when the bus does not reach back to
   * the position any more (or has been lost and begun anew). Throws `validation_failed` for a malformed position.
   */
  abstract read(after: BusPosition, limit: number, waitMs: number): Promise<BusBatch | undefined>;
}

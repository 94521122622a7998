import type { UserId } from '#ids';
import type { FollowList } from './follow-list.ts';

/** What decides which posts a viewer may see. Immutable. */
export interface Relations {
  readonly viewer: UserId;
  readonly follows: FollowList;
  readonly muted: ReadonlySet<UserId>;
  /** False: there is no block with this viewer on either side, and nobody needs to look. */
  readonly hasBlocks: boolean;
  /** When they began to be read: milliseconds since the Unix epoch. */
  readonly loadedAtMs: number;
}

import type { UserId } from '#ids';

/**
 * How an author's posts travel. `promoting` and `demoting` are the overlaps in which posts are pushed and readers pull;
 * `demoted` authors push, but inboxes made before may lack their pull-only posts.
 */
export type AuthorMode = 'promoting' | 'pull' | 'demoting' | 'demoted';

export interface AuthorModeRecord {
  readonly author: UserId;
  readonly mode: AuthorMode;
  /** When this mode began: milliseconds since the Unix epoch. */
  readonly sinceMs: number;
  /** Grows by one with each change. */
  readonly version: number;
}

/** The authors that are not plain push authors; few, so that every reader can hold them all. */
export abstract class AuthorModeStore {
  /** Undefined: a push author. */
  abstract find(author: UserId): Promise<AuthorModeRecord | undefined>;
  /** All of them. */
  abstract loadAll(): Promise<AuthorModeRecord[]>;
  /** Changes with every change of any record: a cheap question whether `loadAll` would answer anew. */
  abstract stamp(): Promise<string>;
  /**
   * Replaces the record with version `next.version - 1` (none, if that is 0) by `next`, or removes it when `next` is
   * undefined. False, and nothing changed, when another version is there. Of several who ask for the very same change at
   * once more than one may be told that it was theirs.
   */
  abstract replace(author: UserId, version: number, next: AuthorModeRecord | undefined): Promise<boolean>;
}

import type { PostView } from '#presentation';
import type { SentPage } from './sent-page.ts';

export const FEED_STATES = ['complete', 'rebuilding', 'degraded'] as const;
export type FeedState = (typeof FEED_STATES)[number];

export interface FeedPage {
  readonly views: readonly PostView[];
  /** The position of the next page; undefined after the very first post. */
  readonly next: bigint | undefined;
  readonly state: FeedState;
  /** For a page that may be given again. */
  readonly sent?: SentPage;
}

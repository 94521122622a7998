import { idAt, type UserId } from '#ids';
import { type AuthorRoster, CLOCK_MARGIN_MS, isPulled } from '#fanout';
import type { InboxHeader } from '#inbox';
import type { FollowList } from '../relations/follow-list.ts';
import type { Relations } from '../relations/relations.ts';

/** Where the posts of a viewer's followed authors come from, given when the inbox was last brought up to date. */
export interface FeedSources {
  /** Celebrities, and demoted authors whose pull-only posts the inbox may lack. */
  readonly pulled: readonly UserId[];
  /** Followed after the inbox was brought up to date: it may lack their older posts. */
  readonly unmerged: readonly UserId[];
}

interface RosterShare {
  readonly version: number;
  readonly authors: readonly UserId[];
}

/** The authors of a follow list that are on the roster at all: few, and the same until one of both changes. */
const shares = new WeakMap<FollowList, RosterShare>();

export function sourcesOf(relations: Relations, header: InboxHeader, roster: AuthorRoster): FeedSources {
  const { follows } = relations;
  const { records } = roster;
  const pulled = rosterShare(follows, roster).filter((author) => isPulled(records.get(author), header.coveredAtMs));
  if (follows.fingerprint === header.covered) return { pulled, unmerged: [] };
  const taken = new Set(pulled);
  const since = idAt(header.coveredAtMs - CLOCK_MARGIN_MS);
  return { pulled, unmerged: follows.followedAfter(since).filter((author) => !taken.has(author)) };
}

/** The authors whose posts belong into a viewer's inbox: all whose posts are not pull-only, and the viewer. */
export function pushAuthors(relations: Relations, roster: AuthorRoster): UserId[] {
  const { records } = roster;
  const onRoster = new Set(rosterShare(relations.follows, roster));
  const authors: UserId[] = [relations.viewer];
  for (const id of relations.follows.ids as Iterable<UserId>) {
    if (!onRoster.has(id) || records.get(id)?.mode === 'demoted') authors.push(id);
  }
  return authors;
}

function rosterShare(follows: FollowList, roster: AuthorRoster): readonly UserId[] {
  const known = shares.get(follows);
  if (known?.version === roster.version) return known.authors;
  const { version, records } = roster;
  const authors = [...records.keys()].filter((author) => follows.has(author));
  shares.set(follows, { version, authors });
  return authors;
}

import { idAt, type UserId } from '#ids';
import { type AuthorRoster, CLOCK_MARGIN_MS, isFilledIn, isPulled } from '#fanout';
import type { InboxHeader } from '#inbox';
import type { FollowList } from '../relations/follow-list.ts';
import type { Relations } from '../relations/relations.ts';

/** Where the posts of a viewer's followed authors come from, given when the inbox was last brought up to date. */
export interface FeedSources {
  /** Celebrities, and demoted authors whose pull-only posts the inbox may lack. */
  readonly pulled: readonly UserId[];
  /** Followed after the inbox was brought up to date: it may lack their older posts. */
  readonly unmerged: readonly UserId[];
  /** When the first of the pulled authors was demoted; Infinity when none was. */
  readonly demotedAtMs: number;
}

interface RosterShare {
  readonly version: number;
  readonly authors: readonly UserId[];
  /** What was found last, and for which header. */
  found?: { readonly covered: bigint; readonly coveredAtMs: number; readonly sources: FeedSources };
}

/** The authors of a follow list that are on the roster at all: few, and the same until one of both changes. */
const shares = new WeakMap<FollowList, RosterShare>();

export function sourcesOf({ follows }: Relations, header: InboxHeader, roster: AuthorRoster): FeedSources {
  const { covered, coveredAtMs } = header;
  const { records } = roster; // refuses when it is too old, also where its answer is known
  const share = rosterShare(follows, roster);
  const { found } = share;
  if (found?.covered === covered && found.coveredAtMs === coveredAtMs) return found.sources;
  const pulled = share.authors.filter((author) => isPulled(records.get(author), coveredAtMs));
  const demotions = pulled.map((author) => records.get(author)).filter((record) => record?.mode === 'demoted');
  const demotedAtMs = Math.min(...demotions.map((record) => record?.sinceMs ?? Infinity));
  const sources = { pulled, unmerged: unmergedOf(follows, header, pulled), demotedAtMs };
  share.found = { covered, coveredAtMs, sources };
  return sources;
}

function unmergedOf(follows: FollowList, header: InboxHeader, pulled: readonly UserId[]): readonly UserId[] {
  if (follows.fingerprint === header.covered) return [];
  const taken = new Set(pulled);
  const since = idAt(header.coveredAtMs - CLOCK_MARGIN_MS);
  return follows.followedAfter(since).filter((author) => !taken.has(author));
}

/** The authors whose posts belong into a viewer's inbox, and the viewer. */
export function pushAuthors(relations: Relations, roster: AuthorRoster): UserId[] {
  const { records } = roster;
  const onRoster = new Set(rosterShare(relations.follows, roster).authors);
  const authors: UserId[] = [relations.viewer];
  for (const id of relations.follows.ids as Iterable<UserId>) {
    if (!onRoster.has(id) || isFilledIn(records.get(id))) authors.push(id);
  }
  return authors;
}

function rosterShare(follows: FollowList, roster: AuthorRoster): RosterShare {
  const known = shares.get(follows);
  if (known?.version === roster.version) return known;
  const { version, records } = roster;
  const share = { version, authors: [...records.keys()].filter((author) => follows.has(author)) };
  shares.set(follows, share);
  return share;
}

import type { PostId, UserId } from '#ids';
import type { AuthorHead, Holding, Presenter } from '#presentation';
import { FollowList } from '../relations/follow-list.ts';
import type { FeedPage } from './feed-page.ts';
import type { PageBasis } from './page-basis.ts';
import { RememberedPages } from './remembered-pages.ts';

const viewer = 1n as UserId;
const follows = new FollowList(BigUint64Array.of(2n), BigUint64Array.of(5n));
const page: FeedPage = { views: [], next: 40n, state: 'complete' };
const heads: AuthorHead[] = [{ ids: BigUint64Array.of(50n), floor: 0n }];

const basis: PageBasis = {
  before: 100n,
  limit: 2,
  reading: {
    header: { floor: 10n, relations: 1n, epoch: 1n, covered: 1n, coveredAtMs: 0 },
    entries: [60n, 40n].map((id) => ({ postId: id as PostId, authorId: 2n as UserId })),
    next: 40n,
    atFloor: false,
    older: undefined,
  },
  relations: { viewer, follows, muted: new Set(), hasBlocks: false, loadedAtMs: 0 },
  sources: { pulled: [], unmerged: [], demotedAtMs: Infinity },
};

function pages() {
  const cache = { heads, isCurrent: true };
  const holding: Holding<AuthorHead> = {
    isMadeOf: (values) => values.every((value, i) => value === cache.heads[i]),
    get isCurrent() {
      return cache.isCurrent;
    },
  };
  const lookup = { getMany: () => cache.heads, hold: () => holding };
  const presenter: Pick<Presenter, 'hold'> = { hold: () => [] };
  return { cache, remembered: new RememberedPages(lookup, presenter) };
}

describe('remembered pages', () => {
  it('are given from the third time on', () => {
    const { remembered } = pages();
    for (const found of [undefined, undefined, page]) {
      expect(remembered.find({ ...basis })).toEqual(found && { ...found, sent: expect.anything() as unknown });
      remembered.keep({ ...basis }, page, heads);
    }
  });

  const { reading, relations } = basis;
  it.each<[string, Partial<PageBasis>]>([
    ['position', { before: 99n }],
    ['length', { limit: 3 }],
    ['sources', { sources: { ...basis.sources } }],
    ['follows', { relations: { ...relations, follows: new FollowList(follows.ids, follows.since) } }],
    ['mutes', { relations: { ...relations, muted: new Set([2n as UserId]) } }],
    ['blocks', { relations: { ...relations, hasBlocks: true } }],
    ['floor', { reading: { ...reading, header: { ...reading.header, floor: 11n } } }],
    ['entries', { reading: { ...reading, entries: [...reading.entries].reverse() } }],
    ['end', { reading: { ...reading, atFloor: true } }],
  ])('are of one basis: not with another %s', (_, other) => {
    const { remembered } = pages();
    for (let i = 0; i < 2; i++) remembered.keep(basis, page, heads);
    expect(remembered.find(basis)).toBeDefined();
    expect(remembered.find({ ...basis, ...other })).toBeUndefined();
  });

  it('are good for as long as the cache holds what they were made of', () => {
    const { cache, remembered } = pages();
    for (let i = 0; i < 2; i++) remembered.keep(basis, page, heads);
    cache.isCurrent = false;
    expect(remembered.find(basis)).toBeUndefined();
  });

  it('are not kept where the cache holds something else by then', () => {
    const { cache, remembered } = pages();
    remembered.keep(basis, page, heads);
    cache.heads = [{ ids: BigUint64Array.of(70n), floor: 0n }];
    remembered.keep(basis, page, heads);
    expect(remembered.find(basis)).toBeUndefined();
  });
});

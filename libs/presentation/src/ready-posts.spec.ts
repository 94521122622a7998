import type { PostId, UserId } from '#ids';
import type { Post, User } from '#storage';
import type { PostNumbers } from './post-json.ts';
import { type ReadyPost, ReadyPosts } from './ready-posts.ts';

const textOf = ({ bytes }: ReadyPost) => Buffer.from(bytes, 'latin1').toString();
const id = (n: number) => BigInt(n) as PostId;
const post = (n: number, more: Partial<Post> = {}): Post => ({
  id: id(n),
  authorId: 7n as UserId,
  text: `text ${n} \u{1f30a}`,
  replyTo: undefined,
  repostOf: undefined,
  delivery: 'push',
  ...more,
});
const user = (displayName: string): User => ({ id: 7n as UserId, handle: 'ada', displayName });
const numbers = (viewCount = 0): PostNumbers => ({ likeCount: 1, replyCount: 2, repostCount: 3, viewCount });

function setUp() {
  const posts = new Map<PostId, Post>([[id(1), post(1)]]);
  const users = new Map<UserId, User>([[7n as UserId, user('Ada')]]);
  const counted = new Map<PostId, PostNumbers>([[id(1), numbers()]]);
  const peek = <K, V>(map: Map<K, V>) => ({ peek: (key: K) => map.get(key) });
  const ready = new ReadyPosts(
    { posts: peek(posts), users: peek(users), numbers: peek(counted) },
    (text) => `"${text.length}"`,
  );
  const shown = (n: number) => {
    const found = ready.find(id(n));
    return found && (JSON.parse(textOf(found)) as Record<string, unknown>);
  };
  return { posts, users, counted, ready, shown };
}

describe('ReadyPosts', () => {
  it('gives the same bytes as long as nothing changes', () => {
    const { ready, counted } = setUp();
    const first = ready.find(id(1));
    counted.set(id(1), numbers());
    expect(ready.find(id(1))).toBe(first);
    expect(JSON.parse(textOf(first!))).toMatchObject({ text: 'text 1 \u{1f30a}', likeCount: 1, likedByMe: null });
  });

  it('shows whatever changes, at once', () => {
    const { users, counted, posts, shown } = setUp();
    expect(shown(1)).toMatchObject({ viewCount: 0, author: { displayName: 'Ada' } });
    counted.set(id(1), numbers(5));
    expect(shown(1)).toMatchObject({ viewCount: 5 });
    users.set(7n as UserId, user('Lovelace'));
    expect(shown(1)).toMatchObject({ author: { displayName: 'Lovelace' } });
    posts.delete(id(1));
    expect(shown(1)).toBeUndefined();
  });

  it('leaves views out of the tag', () => {
    const { ready, counted } = setUp();
    const { etag } = ready.find(id(1))!;
    counted.set(id(1), numbers(123_456));
    expect(ready.find(id(1))!.etag).toBe(etag);
  });

  it('shows a repost with its original, and not without it', () => {
    const { posts, counted, ready, shown } = setUp();
    posts.set(id(2), post(2, { text: '', repostOf: id(1) }));
    counted.set(id(1), numbers(9));
    expect(shown(2)).toMatchObject({ id: '2', viewCount: 9, repostOf: { id: '1', viewCount: 9, repostOf: null } });
    expect(ready.find(id(2))!.root).toBe(id(1));
    posts.delete(id(1));
    expect(shown(2)).toBeUndefined();
  });

  it('leaves what is not all in the process to others', () => {
    const { counted, users, shown } = setUp();
    counted.clear();
    expect(shown(1)).toBeUndefined();
    counted.set(id(1), numbers());
    users.clear();
    expect(shown(1)).toBeUndefined();
  });
});

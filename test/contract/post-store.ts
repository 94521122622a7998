import type { PostId, UserId } from '#ids';
import type { OutboxEntry, Post, Stores } from '#storage';
import { newId } from './store-engine.ts';

export function postStoreContract(stores: () => Stores): void {
  const author = () => newId<UserId>();
  const post = (fields: Partial<Post> = {}): Post => ({
    id: newId<PostId>(),
    authorId: author(),
    text: 'Grüße 😀\n<b>',
    replyTo: undefined,
    repostOf: undefined,
    delivery: 'push',
    ...fields,
  });
  const entry = (p: Post, kind: OutboxEntry['kind'] = 'created'): OutboxEntry => ({ id: newId(), kind, postId: p.id });
  const create = async (p: Post) => {
    const row = entry(p);
    await stores().posts.create(p, row);
    return row;
  };
  const outboxOf = async (p: Post) =>
    (await stores().outbox.list(p.id, newId<bigint>(), 1000)).filter((row) => row.postId === p.id);

  describe('PostStore', () => {
    it('keeps posts, replies and reposts as they are', async () => {
      const original = post();
      const reply = post({ replyTo: original.id, delivery: 'pull' });
      const repost = post({ repostOf: original.id, text: '' });
      for (const p of [original, reply, repost]) await create(p);
      const missing = newId<PostId>();
      const found = await stores().posts.findMany([repost.id, missing, original.id, reply.id]);
      expect(found).toEqual([repost, undefined, original, reply]);
      await expect(stores().posts.find(original.id)).resolves.toEqual(original);
      await expect(stores().posts.find(missing)).resolves.toBeUndefined();
      await expect(stores().posts.findMany([])).resolves.toEqual([]);
    });

    it('writes the outbox row and the timeline entry with the post', async () => {
      const p = post();
      const row = await create(p);
      await expect(outboxOf(p)).resolves.toEqual([row]);
      await expect(stores().timelines.list(p.authorId, { before: p.id + 1n, limit: 5 })).resolves.toEqual([p.id]);
    });

    it('may be repeated: one post, one timeline entry', async () => {
      const p = post({ replyTo: newId<PostId>() });
      await create(p);
      await create(p);
      await expect(stores().timelines.list(p.authorId, { before: p.id + 1n, limit: 5 })).resolves.toEqual([p.id]);
      await expect(stores().replies.list(p.replyTo!, 0n, 5)).resolves.toEqual([p.id]);
    });

    it('deletes for good: no read finds the post, a late repetition of create does not bring it back', async () => {
      const p = post({ replyTo: newId<PostId>() });
      await create(p);
      const row = entry(p, 'deleted');
      await stores().posts.delete(p, row);
      await stores().posts.delete(p, row);
      await create(p);
      await expect(stores().posts.find(p.id)).resolves.toBeUndefined();
      await expect(stores().posts.findMany([p.id])).resolves.toEqual([undefined]);
      await expect(stores().posts.findDeleted(p.id)).resolves.toEqual({ ...p, text: '' });
      await expect(stores().timelines.list(p.authorId, { before: p.id + 1n, limit: 5 })).resolves.toEqual([]);
      await expect(stores().replies.list(p.replyTo!, 0n, 5)).resolves.toEqual([]);
      expect(await outboxOf(p)).toContainEqual(row);
    });

    it('knows no deleted post where one lives or none was', async () => {
      const p = post();
      await create(p);
      await expect(stores().posts.findDeleted(p.id)).resolves.toBeUndefined();
      await expect(stores().posts.findDeleted(newId<PostId>())).resolves.toBeUndefined();
    });
  });

  describe('AuthorTimelineStore', () => {
    const month = (31n * 86_400_000n) << 22n;

    it('lists newest first, pages by position, across months', async () => {
      const authorId = author();
      const start = newId<PostId>();
      const ids = Array.from({ length: 25 }, (_, i) => (start - (BigInt(i) * month) / 8n) as PostId);
      for (const id of ids) await create(post({ id, authorId }));
      const pages: PostId[] = [];
      for (let before: bigint = start + 1n; ;) {
        const page = await stores().timelines.list(authorId, { before, limit: 7 });
        pages.push(...page);
        if (page.length < 7) break;
        before = page.at(-1)!;
      }
      expect(pages).toEqual(ids);
      const newer = await stores().timelines.listAfter(authorId, ids[10]!, 4);
      expect(newer).toEqual([ids[9], ids[8], ids[7], ids[6]]);
    });

    it('answers many authors in their order, with empty lists for those without posts', async () => {
      const [a, b] = [post(), post()];
      await create(a);
      await create(b);
      const at = (authorId: UserId, before: bigint) => ({ author: authorId, before });
      const positions = [at(b.authorId, newId()), at(author(), newId()), at(a.authorId, newId()), at(a.authorId, a.id)];
      await expect(stores().timelines.listMany(positions, 3)).resolves.toEqual([[b.id], [], [a.id], []]);
    });

    it('does not mix up neighbouring authors', async () => {
      const authorId = author();
      const p = post({ authorId });
      await create(p);
      await create(post({ authorId: (authorId + 1n) as UserId }));
      await expect(stores().timelines.list((authorId - 1n) as UserId, { before: newId(), limit: 3 })).resolves.toEqual(
        [],
      );
      await expect(stores().timelines.list(authorId, { before: newId(), limit: 3 })).resolves.toEqual([p.id]);
      await expect(stores().timelines.listAfter(authorId, 0n, 3)).resolves.toEqual([p.id]);
    });
  });

  describe('ReplyStore', () => {
    it('lists oldest first and pages by position', async () => {
      const root = newId<PostId>();
      const replies = Array.from({ length: 9 }, () => post({ replyTo: root }));
      for (const reply of replies) await create(reply);
      const first = await stores().replies.list(root, 0n, 4);
      const rest = await stores().replies.list(root, first.at(-1)!, 100);
      expect([...first, ...rest]).toEqual(replies.map((r) => r.id));
    });
  });

  describe('OutboxStore', () => {
    it('lists rows of a span in time order and forgets those removed', async () => {
      const since = newId<bigint>();
      const rows: OutboxEntry[] = [];
      for (let i = 0; i < 5; i++) rows.push(await create(post()));
      const until = newId<bigint>();
      await create(post());
      await stores().outbox.remove(rows[2]!);
      await stores().outbox.remove(rows[2]!);
      const left = rows.filter((_, i) => i !== 2);
      await expect(stores().outbox.list(since, until, 100)).resolves.toEqual(left);
      await expect(stores().outbox.list(since, until, 2)).resolves.toEqual(left.slice(0, 2));
      await expect(stores().outbox.list(left[1]!.id, until, 100)).resolves.toEqual(left.slice(2));
    });
  });
}

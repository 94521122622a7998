import type { PostId, UserId } from '#ids';
import type { Post } from '#storage';
import { newId } from '../counters/bench-engine.ts';
import { drive, loadCells, loadColumns, middleOf } from '../counters/load.ts';
import { goalOf, type Section } from '../report/report.ts';
import type { CassandraRig } from './cassandra-rig.ts';

const WRITERS = 64;
const AUTHORS = 500;

/** A post through the store against the three inserts that it consists of. */
export async function postCreation({ name, stores, bare }: CassandraRig, posts: number): Promise<Section> {
  const first = newId();
  const authorOf = (id: bigint) => (first + (id % BigInt(AUTHORS))) as UserId;
  const throughStore = () => {
    const id = newId() as PostId;
    const fields = {
      text: 'A post of ordinary length, as people write them.',
      replyTo: undefined,
      repostOf: undefined,
    };
    const post: Post = { id, authorId: authorOf(id), ...fields, delivery: 'push' };
    return stores.posts.create(post, { id: newId(), kind: 'created', postId: id });
  };
  const bareWrites = async () => {
    const id = newId();
    const text = 'A post of ordinary length, as people write them.';
    await Promise.all([
      bare('INSERT INTO posts (post_id, author_id, text, delivery) VALUES (?, ?, ?, ?)', [
        id,
        authorOf(id),
        text,
        'push',
      ]),
      bare('INSERT INTO outbox (bucket, minute, id, kind, post_id) VALUES (?, ?, ?, ?, ?)', [
        Number(id % 4n),
        1,
        id,
        'created',
        id,
      ]),
    ]);
    await bare('INSERT INTO posts_by_author (author_id, month, post_id) VALUES (?, ?, ?)', [authorOf(id), 1, id]);
  };
  await drive(WRITERS, posts, bareWrites); // warms the JVM
  const plain = await middleOf(() => drive(WRITERS, posts, bareWrites));
  const store = await middleOf(() => drive(WRITERS, posts, throughStore));
  return {
    title: `Posts, ${WRITERS} at once, ${name}`,
    about: `${posts} posts by ${AUTHORS} authors, the middle of three runs: the post and its outbox row side by side, then the author's timeline.`,
    columns: ['way', ...loadColumns],
    rows: [
      ['bare driver, the three inserts', ...loadCells(plain)],
      ['through PostStore', ...loadCells(store)],
    ],
    goals: [goalOf(`posts on ${name}, of the bare driver's rate`, store.perSecond / plain.perSecond, '>=', 0.5, ' x')],
  };
}

import { unified } from './table-options.ts';

export const counts: readonly string[] = [
  `-- Counted sets: the members of one shard, and above them, in the row of member 0, the shard's head (total, version,
-- sealed, commit_id). Head and members change together, in one conditional write of the partition.
-- Bound: 10,000 members (followers) or 50,000 (all others) by the growth of sets, a little more while one grows.
CREATE TABLE IF NOT EXISTS $.members (
  kind text,
  subject bigint,
  generation tinyint,
  shard smallint,
  member bigint,
  since bigint,
  total int,
  version bigint,
  sealed boolean,
  commit_id bigint,
  PRIMARY KEY ((kind, subject, generation, shard), member)
) WITH ${unified}`,

  `-- Shards per generation of the counted sets that have grown. Conditional writes only.
-- Bound: one row a partition.
CREATE TABLE IF NOT EXISTS $.generations (
  kind text,
  subject bigint,
  shards frozen<list<int>>,
  PRIMARY KEY ((kind, subject))
) WITH ${unified}`,

  `-- The members of a shard in one value, eight bytes each, as they were at one version: what the fan-out reads. Copies.
-- Bound: one row a partition; 80 KB for 10,000 members.
CREATE TABLE IF NOT EXISTS $.packs (
  kind text,
  subject bigint,
  generation tinyint,
  shard smallint,
  version bigint,
  ids blob,
  PRIMARY KEY ((kind, subject, generation, shard))
) WITH ${unified}`,

  `-- The member's side of counted sets: what a user likes (by the month of the post), whom a user follows. Marks name
-- changes that are under way; the state is the newest that was settled, its write time is its moment in the set.
-- Bound: posts of one month that one user likes; whom one user follows.
CREATE TABLE IF NOT EXISTS $.member_index (
  kind text,
  member bigint,
  bucket int,
  subject bigint,
  marks set<bigint>,
  joined boolean,
  since bigint,
  generation tinyint,
  shard smallint,
  total int,
  version bigint,
  PRIMARY KEY ((kind, member, bucket), subject)
) WITH ${unified}`,

  `-- Views of a post by the bucket that gathered them; the write time is the id of the last flush.
-- Bound: as many rows as there are buckets, 65,536 at most.
CREATE TABLE IF NOT EXISTS $.views (
  post_id bigint,
  bucket int,
  views bigint,
  PRIMARY KEY ((post_id), bucket)
) WITH ${unified}`,
];

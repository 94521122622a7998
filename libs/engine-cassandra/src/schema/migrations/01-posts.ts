import { unified } from './table-options.ts';

export const posts: readonly string[] = [
  `-- Posts: hydration. A deleted post stays as a row without its text, so that nothing brings it back.
-- Bound: one row a partition.
CREATE TABLE IF NOT EXISTS $.posts (
  post_id bigint PRIMARY KEY,
  author_id bigint,
  text text,
  reply_to bigint,
  repost_of bigint,
  delivery text,
  deleted boolean
) WITH ${unified}`,

  `-- Author timelines: an author's posts of one month (of the ids' time, counted from 2000), newest first.
-- Bound: what one author posts in a month; 100,000 are one every 26 seconds.
CREATE TABLE IF NOT EXISTS $.posts_by_author (
  author_id bigint,
  month int,
  post_id bigint,
  PRIMARY KEY ((author_id, month), post_id)
) WITH CLUSTERING ORDER BY (post_id DESC) AND ${unified}`,

  `-- The months in which an author has posted: where to look in posts_by_author.
-- Bound: 12 rows a year.
CREATE TABLE IF NOT EXISTS $.author_months (
  author_id bigint,
  month int,
  PRIMARY KEY ((author_id), month)
) WITH ${unified}`,

  `-- Replies of a post, oldest first. A bucket is one of 8 shares of the replies that come in one span of the post's age;
-- spans double from 15 minutes to 11 days, so a burst is spread over partitions and a list still goes span by span.
-- Bound: an eighth of a span's replies; 100,000 are 800,000 replies to one post in 15 minutes, or in 11 days later on.
CREATE TABLE IF NOT EXISTS $.replies_by_post (
  post_id bigint,
  bucket int,
  reply_id bigint,
  PRIMARY KEY ((post_id, bucket), reply_id)
) WITH ${unified}`,

  `-- The buckets that a post has in replies_by_post.
-- Bound: 8 rows a span: 88 for the first 21 days, then 275 a year.
CREATE TABLE IF NOT EXISTS $.reply_buckets (
  post_id bigint,
  bucket int,
  PRIMARY KEY ((post_id), bucket)
) WITH ${unified}`,

  `-- What is left to do after a post was made or deleted, by the minute of the entry's id. Rows go one by one when it is
-- done, the whole partition once its minute is past and empty. The grace is short, because a row that comes back only
-- causes a delivery that was made before.
-- Bound: a fourth of the posts of one minute; 100,000 are 6,600 posts per second.
CREATE TABLE IF NOT EXISTS $.outbox (
  bucket tinyint,
  minute int,
  id bigint,
  kind text,
  post_id bigint,
  PRIMARY KEY ((bucket, minute), id)
) WITH gc_grace_seconds = 3600 AND ${unified}`,

  `-- The first minute of the outbox that is still looked at.
-- Bound: one row.
CREATE TABLE IF NOT EXISTS $.outbox_progress (
  part tinyint PRIMARY KEY,
  minute int
) WITH ${unified}`,

  `-- What a user has reposted, by the month of the original: each original once. Conditional writes only.
-- Bound: posts of one month that one user reposts.
CREATE TABLE IF NOT EXISTS $.reposts_by_user (
  user_id bigint,
  month int,
  original_id bigint,
  repost_id bigint,
  PRIMARY KEY ((user_id, month), original_id)
) WITH ${unified}`,

  `-- Answers kept for repeated requests; rows expire by themselves. Conditional writes only.
-- Bound: one row a partition.
CREATE TABLE IF NOT EXISTS $.idempotency (
  user_id bigint,
  key text,
  fingerprint text,
  post_id bigint,
  lease_until_ms bigint,
  status int,
  body text,
  PRIMARY KEY ((user_id, key))
) WITH ${unified}`,
];

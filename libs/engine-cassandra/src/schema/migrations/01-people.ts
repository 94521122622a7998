import { unified } from './table-options.ts';

export const people: readonly string[] = [
  `-- Accounts: profile, sign-in.
-- Bound: one row a partition.
CREATE TABLE IF NOT EXISTS $.users (
  user_id bigint PRIMARY KEY,
  handle text,
  display_name text,
  password_hash text
) WITH ${unified}`,

  `-- Who has a handle: given by a conditional write, never taken back.
-- Bound: one row a partition.
CREATE TABLE IF NOT EXISTS $.handles (
  handle text PRIMARY KEY,
  user_id bigint
) WITH ${unified}`,

  `-- Blocks, seen from either side: in the rows of a user, whom they block (blocks) and who blocks them (blocked_by).
-- A lifted block is false for a day, so that what is written next is newer, then the row vanishes.
-- Bound: people who ever blocked a user or were blocked by them, some 40 bytes each.
CREATE TABLE IF NOT EXISTS $.blocks (
  user_id bigint,
  other_id bigint,
  blocks boolean,
  blocked_by boolean,
  PRIMARY KEY ((user_id), other_id)
) WITH ${unified}`,

  `-- Whom a user has muted: read as a whole. A lifted mute is false for a day, then the row vanishes.
-- Bound: people whom one user mutes by hand.
CREATE TABLE IF NOT EXISTS $.mutes (
  user_id bigint,
  other_id bigint,
  mutes boolean,
  PRIMARY KEY ((user_id), other_id)
) WITH ${unified}`,

  `-- Authors that are not plain push authors, and a stamp that changes with every change of any of them: all of it is
-- read by every process, so it is one partition. Conditional writes only.
-- Bound: authors with 10,000 followers or more, some 60 bytes each.
CREATE TABLE IF NOT EXISTS $.author_modes (
  part tinyint,
  author_id bigint,
  mode text,
  since_ms bigint,
  version int,
  stamp timeuuid static,
  PRIMARY KEY ((part), author_id)
) WITH ${unified}`,

  `-- Which process gives ids with which worker number. Conditional writes only.
-- Bound: one row a partition, 1,024 of them.
CREATE TABLE IF NOT EXISTS $.worker_leases (
  worker int PRIMARY KEY,
  owner text,
  until_ms bigint,
  used_until_ms bigint
) WITH ${unified}`,
];

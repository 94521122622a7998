import { type BenchEngine, newId, newMemberships, scaled } from './bench-engine.ts';
import type { Section } from '../report/report.ts';
import { MemberIndex, partitionOf } from '#counters';
import { systemClock } from '#kernel';

const USERS = 7_000;
const FOLLOWS = 50_000;
const PER_CALL = 1_000;
const CELEBRITY_FOLLOWERS = 100_000;

/** Imports of a social graph, and the reads that fan-out and feeds make of it. */
export async function bulk(engine: BenchEngine): Promise<Section> {
  const { sets, memberships } = newMemberships(engine);
  const follows = scaled(engine, FOLLOWS);
  const fansMax = scaled(engine, CELEBRITY_FOLLOWERS);
  const users = Array.from({ length: USERS }, newId);
  const anyone = () => users[Math.floor(USERS * Math.random() ** 2)] ?? 0n;
  const graph = Array.from({ length: follows }, () => ({ member: anyone(), subject: anyone(), since: newId() }));
  const importing = await timed(follows, async () => {
    let at = 0;
    const load = async () => {
      while (at < follows) await memberships.joinMany('following', graph.slice(at, (at += PER_CALL)));
    };
    await Promise.all([load(), load()]);
  });
  const celebrity = newId();
  const fans = Array.from({ length: fansMax }, () => ({ member: newId(), subject: celebrity, since: 1n }));
  const joining = await timed(fansMax, async () => {
    for (let at = 0; at < fans.length; at += PER_CALL)
      await memberships.joinMany('following', fans.slice(at, at + PER_CALL));
  });
  const readAll = async () => {
    for (const chapter of await sets.chapters('followers', celebrity)) await sets.pack('followers', celebrity, chapter);
  };
  const rows = await timed(fansMax, readAll);
  const packs = await timed(fansMax, readAll);
  const reader = newId();
  await memberships.joinMany(
    'following',
    users.slice(0, 5_000).map((subject) => ({ member: reader, subject, since: 1n })),
  );
  const index = new MemberIndex({ sets, store: engine.indexStore, clock: systemClock });
  const loading = await timed(5_000, () => index.load(partitionOf('following', reader, 0n)));
  return {
    title: `Bulk work, ${engine.name}`,
    about: `A random graph of ${USERS} users, ${PER_CALL} follows a call, two calls at once; then an author with ${fansMax} followers.`,
    columns: ['work', 'per second', 'CPU us each'],
    rows: [
      ['follows imported, set and index', ...importing],
      ['follows imported, all of one author', ...joining],
      ['follower ids read for fan-out, row by row (packs written)', ...rows],
      ['follower ids read for fan-out, from packs', ...packs],
      ['followed ids read for a feed, 5,000 in one partition', ...loading],
    ],
  };
}

async function timed(things: number, work: () => Promise<unknown>): Promise<[string, string]> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await work();
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return [((1000 * things) / ms).toFixed(0), ((user + system) / things).toFixed(2)];
}

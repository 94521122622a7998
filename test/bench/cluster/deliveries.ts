import { join } from 'node:path';
import { connectRedis, RedisInboxStore } from '#engine-redis';
import type { PostId, UserId } from '#ids';
import { inboxSize } from '#inbox';
import { systemClock } from '#kernel';
import { findRedisProgram, type RedisServer, startRedisCluster, startRedisServer } from '#local-stack';
import type { Section } from '../report/report.ts';
import { cpuSeconds } from './cpu-seconds.ts';

const SLICE_BYTES = 2_000 * 8;
/** Slices under way at once, as in a worker with two large fan-outs. */
const LANES = 2;

interface Way {
  readonly name: string;
  readonly urls: readonly string[];
  readonly masters: readonly RedisServer[];
  readonly replicated: boolean;
}

interface Rate {
  readonly perSecond: number;
  readonly perCoreSecond: number;
}

/** The fan-out's call to inboxes, on one Redis and on a cluster. Nothing else runs. */
export async function deliveries(dir: string, { viewers, seconds }: { viewers: number; seconds: number }) {
  const quiet = { env: process.env, say: (): void => undefined };
  const program = (await findRedisProgram(quiet)) ?? '';
  const settings = ['--appendonly', 'yes']; // as the nodes of the cluster have it
  const one = await startRedisServer(program, { ...quiet, name: 'one Redis', dir: join(dir, 'one'), settings });
  const cluster = await startRedisCluster({ ...quiet, dir: join(dir, 'six') });
  const six = { urls: cluster.nodes.map(({ url }) => url), masters: cluster.nodes.slice(0, 3) };
  const single = { name: 'one Redis', urls: [one.url], masters: [one], replicated: false };
  try {
    const baseline = await measure(single, viewers, seconds);
    const bare = await measure({ ...six, name: 'bare', replicated: false }, viewers, seconds);
    const acknowledged = await measure({ ...six, name: 'acknowledged', replicated: true }, viewers, seconds);
    return sectionOf(viewers, baseline, bare, acknowledged);
  } finally {
    await Promise.all([one.server.stop(), cluster.stop()]);
  }
}

function sectionOf(viewers: number, single: Rate, bare: Rate, acknowledged: Rate): Section {
  const row = (name: string, rate: Rate) => [
    name,
    Math.round(rate.perSecond),
    Math.round(rate.perCoreSecond),
    (rate.perCoreSecond / single.perCoreSecond).toFixed(2),
  ];
  return {
    title: 'Deliveries',
    about:
      `${viewers} warm inboxes, slices of 2,000 followers, two at a time, all with append-only files. A core's seconds are ` +
      'those of the masters. On the cluster each append is sent to a replica, too, and a slice is some 256 calls, one for each ' +
      'hash tag, instead of two.',
    columns: ['way', 'deliveries/s', 'per second of a master’s core', 'of one Redis'],
    rows: [
      row('one Redis', single),
      row('3 masters, 3 replicas, not waiting for replicas', bare),
      row('3 masters, 3 replicas, acknowledged by a replica (as it runs)', acknowledged),
    ],
  };
}

async function measure({ urls, masters, replicated }: Way, viewers: number, seconds: number): Promise<Rate> {
  const redis = connectRedis({ urls, name: 'bench', onError: () => undefined, patient: true });
  const store = new RedisInboxStore(redis, { size: inboxSize(800), idleMs: 86_400_000, replicated }, systemClock);
  try {
    const ids = await warm(store, viewers);
    const coresBefore = masters.map(({ server }) => cpuSeconds(server.pid));
    const startedAtMs = performance.now();
    const counts = await Promise.all(
      Array.from({ length: LANES }, (_, lane) => deliverUntil(store, ids, lane, startedAtMs + 1000 * seconds)),
    );
    const elapsedS = (performance.now() - startedAtMs) / 1000;
    const cores = masters.map(({ server }, i) => cpuSeconds(server.pid) - (coresBefore[i] ?? 0));
    const [delivered, used] = [sum(counts), sum(cores)];
    return { perSecond: delivered / elapsedS, perCoreSecond: delivered / used };
  } finally {
    redis.disconnect();
  }
}

async function warm(store: RedisInboxStore, viewers: number): Promise<Buffer> {
  const ids = Buffer.alloc(viewers * 8);
  const merge = { entries: [], floor: 0n, covered: 1n, coveredAtMs: 1 };
  const one = async (i: number): Promise<void> => {
    const viewer = BigInt((i + 1) * 4_194_301) as UserId;
    ids.writeBigUInt64BE(viewer, i * 8);
    await store.open(viewer, 1n);
    await store.merge(viewer, merge);
  };
  for (let from = 0; from < viewers; from += 500)
    await Promise.all(Array.from({ length: Math.min(500, viewers - from) }, (_, i) => one(from + i)));
  return ids;
}

/** Ids grow from measurement to measurement, and the lanes meet in the same inboxes, as authors do. */
async function deliverUntil(store: RedisInboxStore, ids: Buffer, lane: number, endMs: number): Promise<number> {
  let delivered = 0;
  const firstId = Date.now() * 1000;
  for (let post = 1; performance.now() < endMs; post++) {
    const entry = { postId: BigInt(firstId + post * LANES + lane) as PostId, authorId: 7n as UserId };
    for (let at = 0; at < ids.length; at += SLICE_BYTES) {
      const slice = ids.subarray(at, at + SLICE_BYTES);
      await store.deliver(entry, slice);
      delivered += slice.length / 8;
    }
  }
  return delivered;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

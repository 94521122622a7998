// Inboxes on a real Redis Cluster: what is acknowledged survives the loss of a master.
import { connectRedis, isCluster, RedisInboxStore } from '#engine-redis';
import { ABOVE_ALL_IDS, type PostId, type UserId } from '#ids';
import { type Entry, inboxSize } from '#inbox';
import { isAppError, systemClock } from '#kernel';
import { type RedisCluster, type RedisServer, startRedisCluster } from '#local-stack';
import { tempDir, until } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';

const AUTHOR = 7n as UserId;
const VIEWERS = Array.from({ length: 1500 }, (_, i) => (BigInt(i + 1) << 22n) as UserId);
const ALL = Buffer.concat(
  VIEWERS.map((viewer) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(viewer);
    return bytes;
  }),
);

const dir = tempDir();
const delivered: number[] = [];
let cluster: RedisCluster;
let redis: ReturnType<typeof connectRedis>;
let inboxes: RedisInboxStore;

const entry = (id: number): Entry => ({ postId: BigInt(id) as PostId, authorId: AUTHOR });

async function warm(viewer: UserId): Promise<void> {
  await inboxes.open(viewer, 1n);
  await inboxes.merge(viewer, { entries: [], floor: 0n, covered: 1n, coveredAtMs: 1 });
}

const deliver = (id: number): Promise<string> =>
  inboxes.deliver(entry(id), ALL).then(
    () => 'acknowledged',
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );

/** As jobs do it: again and again. */
async function deliverAtLast(id: number): Promise<void> {
  await until(
    () => deliver(id),
    (how) => how === 'acknowledged',
    { deadlineMs: 30_000, everyMs: 100 },
  );
  delivered.push(id);
}

async function read(viewer: UserId): Promise<number[]> {
  const reading = await inboxes.read(viewer, { before: ABOVE_ALL_IDS, limit: 100 });
  return reading!.entries.map(({ postId }) => Number(postId));
}

function nodesOf(role: 'master' | 'slave'): RedisServer[] {
  const ports = isCluster(redis) ? redis.nodes(role).map(({ options }) => options.port) : [];
  return cluster.nodes.filter(({ port }) => ports.includes(port));
}

jest.setTimeout(60_000);

describeWith(['redis-server'], 'inboxes on a Redis Cluster', () => {
  beforeAll(async () => {
    const quiet = { env: process.env, say: (): void => undefined };
    cluster = await startRedisCluster({ ...quiet, dir: dir.path, nodeTimeoutMs: 1_000 });
    redis = connectRedis({ urls: cluster.url.split(','), name: 'test', onError: () => undefined, patient: true });
    inboxes = new RedisInboxStore(redis, { size: inboxSize(100), idleMs: 86_400_000, replicated: true }, systemClock);
    await Promise.all(VIEWERS.map(warm));
  });
  afterAll(async () => {
    redis.disconnect();
    await cluster.stop();
    dir.remove();
  });

  const expectAllDelivered = async (): Promise<void> => {
    const newestFirst = [...delivered].reverse();
    for (const entries of await Promise.all(VIEWERS.map(read))) expect(entries).toEqual(newestFirst);
  };

  it('are all written, wherever they are, and once', async () => {
    await expect(inboxes.deliver(entry(1), ALL)).resolves.toBe(VIEWERS.length);
    await expect(inboxes.deliver(entry(1), ALL)).resolves.toBe(0);
    delivered.push(1);
    await expectAllDelivered();
  });

  it('have lost nothing that was acknowledged when a master dies', async () => {
    await cluster.untilHealthy();
    for (const id of [2, 3, 4]) await deliverAtLast(id);
    const [master] = nodesOf('master');
    await master!.server.kill();
    await deliverAtLast(5);
    await cluster.untilHealthy();
    await expectAllDelivered();
    await master!.server.restart();
    await cluster.untilHealthy();
  });

  it('are not acknowledged while no replica takes them; without replicas the masters do', async () => {
    const before = { deadlineMs: 15_000 };
    await until(() => nodesOf('slave').length === 3, Boolean, before); // known here, too
    const replicas = nodesOf('slave');
    for (const { server } of replicas) server.pause();
    await expect(deliver(6)).resolves.toBe('unavailable');
    expect((await read(VIEWERS[0]!)).length).toBeGreaterThanOrEqual(delivered.length); // others are served meanwhile
    for (const { server } of replicas) await server.kill();
    await deliverAtLast(6);
    await expectAllDelivered();
  });
});

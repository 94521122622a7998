// Jobs that fail for good; needs what `npm run build` makes.
import { Queue } from 'bullmq';
import { Tokens } from '#auth';
import { queuePrefix } from '#fanout';
import { systemClock } from '#kernel';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

jest.setTimeout(120_000);

const QUEUE = 'fanout-small-0';
const SECRET = 'a secret that only this test and its server know';

let redis: TestRedis;
let server: ServerProcess;
let operator: ApiClient;
let queue: Queue;
const data = tempDir();

beforeAll(async () => {
  redis = await startTestRedis();
  server = await ServerProcess.start('standalone', {
    REDIS_URL: redis.url,
    DATA_DIR: data.path,
    AUTH_SECRET: SECRET,
    LOG_LEVEL: 'fatal',
  });
  const { token } = await new Tokens({ secret: SECRET, ttlMs: 600_000, clock: systemClock }).issue({ ops: true });
  operator = new ApiClient(server.url, '', token);
  queue = new Queue(QUEUE, { prefix: queuePrefix(QUEUE), connection: { url: redis.url } });
}, 120_000);

afterAll(async () => {
  await queue.close();
  await server.stop();
  await redis.stop();
  data.remove();
});

interface Status {
  readonly queues: { readonly queue: string; readonly deadLetters: number; readonly delayed: number }[];
  readonly deadLetters: { readonly jobId: string; readonly reason: string; readonly postId: string }[];
}

const status = async () => (await operator.expect('GET', '/v1/ops/fanout')) as Status;
const replay = async () => ((await operator.expect('POST', '/v1/ops/fanout/replay')) as { replayed: number }).replayed;

describe('a job that fails for good', () => {
  it('is shown to operators, and runs again when they say so', async () => {
    const author = await ApiClient.register(server.url, 'ann');
    const { id } = await author.post('hello');
    const job = {
      postId: id,
      authorId: author.id,
      outboxId: 'no id',
      acceptedAtMs: Date.now(),
      lane: 'small',
      chapters: [],
    };
    const added = await queue.add('deliver', job, { jobId: 'f-1', attempts: 1, removeOnComplete: true });
    const { deadLetters } = await until(status, (now) => now.deadLetters.length > 0);
    expect(deadLetters).toMatchObject([{ jobId: 'f-1', postId: id, reason: 'Cannot convert no id to a BigInt' }]);
    await added.updateData({ ...job, outboxId: id }); // the defect is mended
    expect(await replay()).toBe(1);
    await until(async () => (await queue.getJob('f-1')) === undefined);
    expect((await status()).deadLetters).toEqual([]);
    expect(await replay()).toBe(0);
  });

  it('is tried again before', async () => {
    const job = {
      postId: '1',
      authorId: 'no id',
      outboxId: '1',
      acceptedAtMs: Date.now(),
      lane: 'small',
      chapters: [],
    };
    await queue.add('deliver', job, { jobId: 'f-2', attempts: 100, backoff: { type: 'retryDelayMs' } });
    await until(status, ({ queues }) => queues.some((one) => one.queue === QUEUE && one.delayed === 1));
    const tried = await until(
      async () => (await queue.getJob('f-2'))?.attemptsMade ?? 0,
      (attempts) => attempts >= 3,
      { deadlineMs: 30_000 },
    );
    expect(tried).toBeLessThan(8);
    await until(() => queue.remove('f-2').then(Boolean, () => false)); // unless it runs just now
  });
});

import { type Clock, isAppError, systemClock } from '#kernel';
import { startTestRedis, type TestRedis, until } from '#test';
import { connectRedis, type RedisClient } from './connect-redis.ts';
import { RedisCaller } from './redis-caller.ts';

const TIMEOUT_MS = 200;
const SLOW = { deadlineMs: 20_000 };

describe('RedisCaller', () => {
  let server: TestRedis;
  let redis: RedisClient;
  let caller: RedisCaller;
  let calls = 0;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined });
    await until(() => redis.status === 'ready');
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(() => {
    calls = 0;
    caller = newCaller(systemClock);
  });

  const newCaller = (clock: Clock) => new RedisCaller('the thing', TIMEOUT_MS, clock, redis);
  const get = () => caller.call(() => (calls++, redis.get('key')));
  const tell = (work: Promise<unknown>) =>
    work.then(
      () => 'answered',
      (error: unknown) => (isAppError(error) ? error.code : 'another error'),
    );

  it('asks a silent Redis three times, and then no more until it answers a PING', async () => {
    expect(await tell(get())).toBe('answered');
    server.server.pause();
    try {
      for (let i = 0; i < 3; i++) expect(await tell(get())).toBe('unavailable');
      expect(caller.snapshot).toEqual({ state: 'open', answered: 1, failed: 3, refused: 0 });
      for (let i = 0; i < 100; i++) expect(await tell(get())).toBe('unavailable');
      expect([calls, caller.snapshot.refused]).toEqual([4, 100]);
      await until(() => caller.snapshot.state === 'half-open', Boolean, SLOW);
      for (let i = 0; i < 100; i++) expect(await tell(get())).toBe('unavailable');
      expect(calls).toBe(4); // a PING finds out, and no caller waits for it
    } finally {
      server.server.resume();
    }
    await until(
      () => tell(get()),
      (outcome) => outcome === 'answered',
      SLOW,
    );
    expect(caller.snapshot.state).toBe('closed');
  });

  it('lets calls through to a Redis that is away: they fail at once', async () => {
    const gone = connectRedis({ urls: ['redis://127.0.0.1:1'], name: 'gone', onError: () => undefined });
    const away = new RedisCaller('the thing', TIMEOUT_MS, systemClock, gone);
    for (let i = 0; i < 10; i++) expect(await tell(away.call(() => gone.get('key')))).toBe('unavailable');
    expect(away.snapshot).toEqual({ state: 'closed', answered: 0, failed: 10, refused: 0 });
    gone.disconnect();
  });

  it('takes an error for an answer', async () => {
    await redis.set('key', 'text');
    for (let i = 0; i < 10; i++) expect(await tell(caller.call(() => redis.lpop('key')))).toBe('unavailable');
    expect(caller.snapshot.state).toBe('closed');
  });

  it('keeps nodes apart', async () => {
    const never = new Promise<never>(() => undefined);
    for (let i = 0; i < 3; i++) await tell(caller.call(() => never, 'one:1'));
    expect(caller.snapshot.state).toBe('open');
    expect(await tell(caller.call(() => Promise.resolve(), 'two:2'))).toBe('answered');
    expect(await tell(caller.call(() => Promise.resolve(), 'one:1'))).toBe('unavailable');
  });
});

// A disk that is full, and then not; needs what `npm run build` makes, and the right to mount a small one.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

jest.setTimeout(120_000);

const DISK_BYTES = 6 << 20;
const CHUNK_BYTES = 64 << 10;

const disk = tempDir();
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'none', disk.path]).status === 0;

afterAll(() => {
  if (mounted) spawnSync('umount', [disk.path]);
  disk.remove();
});

(mounted ? describe : describe.skip)('a full disk (left out where no small one can be mounted)', () => {
  let redis: TestRedis;
  let server: ServerProcess;

  beforeAll(async () => {
    redis = await startTestRedis();
    server = await ServerProcess.start('standalone', { REDIS_URL: redis.url, DATA_DIR: join(disk.path, 'data') });
  }, 120_000);

  afterAll(async () => {
    await server.stop();
    await redis.stop();
  });

  const fillers: string[] = [];
  const fill = (): void => {
    for (let bytes = CHUNK_BYTES; bytes >= 1;) {
      const path = join(disk.path, `filler-${fillers.length}`);
      fillers.push(path);
      try {
        writeFileSync(path, Buffer.alloc(bytes));
      } catch {
        bytes = Math.floor(bytes / 4);
      }
    }
  };

  it('refuses writes with 503, changes nothing, serves reads, and goes on when there is room', async () => {
    const [ann, bob] = await Promise.all(['ann', 'bob'].map((handle) => ApiClient.register(server.url, handle)));
    await bob!.expect('PUT', `/v1/users/${ann!.id}/follow`);
    const kept = [(await ann!.post('before')).id];
    await bob!.feed();
    fill();
    const refused = await until(
      async () => {
        const answer = await ann!.request('POST', '/v1/posts', { text: 'x'.repeat(500) });
        if (answer.status === 201) kept.push(answer.json.id as string);
        return answer;
      },
      ({ status }) => status !== 201,
      { deadlineMs: 30_000 },
    );
    expect([refused.status, refused.json.code]).toEqual([503, 'unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // What needs no further page may still get through; nothing is half-done, and nothing fails in another way.
    for (let i = 0; i < 20; i++) {
      const post = await ann!.request('POST', '/v1/posts', { text: 'y'.repeat(500) });
      if (post.status === 201) kept.push(post.json.id as string);
      const method = i % 2 === 0 ? 'PUT' : 'DELETE';
      const follow = await ann!.request(method, `/v1/users/${bob!.id}/follow`);
      expect([200, 201, 503]).toEqual(expect.arrayContaining([post.status, follow.status]));
    }
    expect((await ann!.allPosts()).reverse()).toEqual(kept);
    expect((await bob!.feed(100)).items.length).toBeGreaterThan(0);

    for (const path of fillers) rmSync(path, { force: true });
    const answer = await until(
      () => ann!.request('POST', '/v1/posts', { text: 'after' }),
      ({ status }) => status === 201,
      { deadlineMs: 30_000 },
    );
    kept.push(answer.json.id as string);
    expect(await bob!.expect('PUT', `/v1/posts/${kept[0]}/like`)).toEqual({ liked: true, likeCount: 1 });
    await until(
      async () => (await bob!.feed(100)).items.map((post) => post.id).reverse(),
      (ids) => ids.join() === kept.slice(-100).join(),
      { deadlineMs: 30_000 },
    );
    await server.kill();
    await server.restart();
    expect((await ann!.allPosts()).reverse()).toEqual(kept);
    await ann!.expect('PUT', `/v1/users/${bob!.id}/follow`); // a refused one may be repeated, whatever it had done
    expect((await ann!.expect('GET', '/v1/me')).followingCount).toBe(1);
    await until(
      async () => (await bob!.expect('GET', '/v1/me')).followerCount as number,
      (count) => count === 1,
      { deadlineMs: 30_000 },
    );
  });
});

// A short run of every load test, as a user starts it; needs what `npm run build` makes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../local-stack/describe-with.ts';

const root = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'k6-scenarios-'));
let child: ChildProcess | undefined;

async function k6(args: readonly string[], env: Record<string, string> = {}) {
  let output = '';
  const command = [join(root, 'apps/cli/run.mjs'), 'k6', ...args];
  const started = spawn(process.execPath, command, { cwd: root, env: { ...process.env, ...env } });
  child = started;
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(started, 'close')) as [number | null];
  return { code, output };
}

interface Summary {
  readonly metrics: Readonly<Record<string, { readonly fails?: number; readonly count?: number }>>;
}

function readSummary(scenario: string): { summary: Summary; text: string; html: string } {
  const report = (name: string): string => readFileSync(join(root, '.local/k6', scenario, name), 'utf8');
  const text = report('summary.json');
  return { summary: JSON.parse(text) as Summary, text, html: report('report.html') };
}

afterAll(() => {
  child?.kill('SIGTERM'); // when a test has run out of time
  rmSync(dir, { recursive: true });
});

describeWith(['go', 'redis-server'], 'npm run k6', () => {
  it('passes every scenario against a server of its own, and leaves reports without tokens', async () => {
    const { code, output } = await k6(['all', '--short']);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    for (const scenario of ['viral-post', 'celebrity-storm', 'feed-browse', 'write-burst']) {
      const { summary, text, html } = readSummary(scenario);
      expect(summary.metrics.checks?.fails).toBe(0);
      expect(summary.metrics.iterations?.count).toBeGreaterThan(20);
      expect(html).toContain('<html');
      expect(text + html).not.toContain('eyJ'); // what a token begins with
    }
  }, 300_000);

  it('fails when a threshold is crossed', async () => {
    const { code, output } = await k6(['feed-browse', '--short'], { P99_MS: '0.001', DURATION_S: '1' });
    expect(output).toContain('FAILED: feed-browse');
    expect(code).toBe(99);
  }, 120_000);

  it('fails when a feed shows a post twice', async () => {
    const server = await startStub();
    const { port } = server.address() as AddressInfo;
    const tokens = join(dir, 'tokens.json');
    writeFileSync(tokens, JSON.stringify([{ handle: 'user_1', id: '1', token: 'x' }]));
    const against = ['--base-url', `http://127.0.0.1:${port}`, '--tokens', tokens];
    const { code } = await k6(['feed-browse', '--short', ...against], { DURATION_S: '1' });
    server.close();
    expect(code).toBe(99);
    const { metrics } = readSummary('feed-browse').summary;
    expect(metrics.checks?.fails).toBeGreaterThan(0);
    expect(metrics.http_req_failed?.fails).not.toBe(0); // the answers were successes all the same
  }, 120_000);
});

describe('npm run k6 with wrong arguments', () => {
  it.each(['', 'no-such-scenario', 'viral-post --base-url nowhere', 'viral-post --tokens x'])(
    'says how to use it: %j',
    async (args) => {
      const { code, output } = await k6(args.split(' ').filter(Boolean));
      expect(code).toBe(1);
      expect(output).toContain('usage: npm run k6 -- viral-post|');
    },
    60_000,
  );
});

/** Answers every feed with the same post twice, and every post with one. */
async function startStub(): Promise<Server> {
  const post = { id: '7', author: { id: '1', handle: 'user_1' }, text: 'x', replyTo: null, repostOf: null };
  const server = createServer((request, response) => {
    const isFeed = request.url?.startsWith('/v1/feed');
    const body = isFeed ? { items: [post, post], nextCursor: null, state: 'complete' } : post;
    response.writeHead(isFeed ? 200 : 201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

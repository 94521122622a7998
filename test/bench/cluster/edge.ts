import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startNginx } from '#local-stack';
import type { Parts } from '../../../apps/cli/src/cluster/parts.ts';
import { goalOf, type Section } from '../report/report.ts';
import { cpuSeconds } from './cpu-seconds.ts';

const run = promisify(execFile);
const autocannon = createRequire(import.meta.filename).resolve('autocannon/autocannon.js');
const READERS = 64;

interface Crowd {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly total: number;
}

/** A crowd reads one post through the edge: what reaches the services, and what it costs beside a static file. */
export async function edge(parts: Parts, dir: string, post: string, seconds: number): Promise<Section> {
  const [server] = parts.of('edge');
  if (!server) throw new Error('no nginx on this machine');
  const url = `${server.address}/v1/posts/${post}`;
  const body = Buffer.from(await (await fetch(url)).arrayBuffer());
  const file = await startStatic(join(dir, 'static'), body);
  try {
    const before = await originRequests(parts);
    const first = await crowd(url, server.server.pid, seconds);
    const reached = (await originRequests(parts)) - before;
    const plain = await crowd(file.url, file.pid, seconds);
    const again = await crowd(url, server.server.pid, seconds);
    const cpuUs = (first.cpuUs + again.cpuUs) / 2;
    return sectionOf(body.length, first, plain, { reached, cpuUs, seconds });
  } finally {
    await file.stop();
  }
}

interface Seen {
  readonly reached: number;
  readonly cpuUs: number;
  readonly seconds: number;
}

function sectionOf(bytes: number, first: Crowd, plain: Crowd, { reached, cpuUs, seconds }: Seen): Section {
  return {
    title: 'One post, everybody, through the edge',
    about:
      `${READERS} connections without pause for ${seconds} s; the answer has ${bytes} bytes, and so has the file, which a bare ` +
      'nginx serves. The client is the bottleneck of both, so they are compared by what a request costs nginx.',
    columns: ['what', 'requests/s', 'µs of a core', 'of the static file, by cost', 'requests that reached a service'],
    rows: [
      [
        'the post through the edge',
        Math.round(first.perSecond),
        cpuUs.toFixed(1),
        (plain.cpuUs / cpuUs).toFixed(2),
        `${reached} of ${first.total}`,
      ],
      ['a static file', Math.round(plain.perSecond), plain.cpuUs.toFixed(1), '1.00', '-'],
    ],
    goals: [
      goalOf('requests a second that reach the services while a crowd reads one post', reached / seconds, '<=', 2),
    ],
  };
}

async function crowd(url: string, pid: number, seconds: number): Promise<Crowd> {
  const before = cpuSeconds(pid);
  const { stdout } = await run(process.execPath, [autocannon, '-j', '-c', String(READERS), '-d', String(seconds), url]);
  const cpuS = cpuSeconds(pid) - before;
  const { requests, non2xx, errors } = JSON.parse(stdout) as {
    requests: { average: number; total: number };
    non2xx: number;
    errors: number;
  };
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers were no success, ${errors} requests failed`);
  return { perSecond: requests.average, total: requests.total, cpuUs: (1e6 * cpuS) / requests.total };
}

/** Answers of all timeline services for posts. */
async function originRequests(parts: Parts): Promise<number> {
  const timelines = parts.of('services').filter(({ name }) => name.startsWith('timeline'));
  const texts = await Promise.all(timelines.map(async ({ address }) => (await fetch(`${address}/metrics`)).text()));
  const counts = texts.flatMap((text) => [
    ...text.matchAll(/^http_request_duration_seconds_count\{.*"\/v1\/posts\/:id".*\} (\d+)$/gm),
  ]);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function startStatic(dir: string, body: Buffer) {
  const port = await freePort();
  mkdirSync(join(dir, 'files'), { recursive: true });
  writeFileSync(join(dir, 'files', 'post.json'), body);
  const configuration = `
    worker_processes 1;
    events { worker_connections 1024; }
    http {
      access_log off;
      default_type application/json;
      client_body_temp_path tmp/body;
      server {
        listen 127.0.0.1:${port};
        keepalive_requests 100000;
        location / { root files; }
      }
    }`;
  const server = await startNginx(configuration, { dir, port, env: process.env, say: () => undefined });
  return { url: `http://127.0.0.1:${port}/post.json`, pid: server.pid, stop: () => server.stop() };
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

/** Where a report comes from. */
export interface Environment {
  readonly machine: string;
  readonly processors: number;
  /** The machine's load in its last minute: how much others may have disturbed. */
  readonly load: number;
  /** Of Node, Redis and the packages that carry the figures. */
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
}

const PACKAGES = ['@nestjs/core', 'fastify', 'bullmq', 'ioredis', 'lmdb', 'cassandra-driver'];

export function environmentNow(): Environment {
  const [cpu] = cpus();
  const machine = `${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const versions = {
    Node: process.version.slice(1),
    Redis: /v=([\d.]+)/.exec(output('redis-server', ['--version']))?.[1] ?? 'none',
    ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
  const commit = output('git', ['rev-parse', '--short', 'HEAD']) || 'unknown';
  return { machine, processors: cpus().length, load: loadavg()[0] ?? 0, versions, commit };
}

/** From its package.json, which not every package lets others import. */
function versionOf(name: string): string {
  for (const dir of createRequire(import.meta.filename).resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(join(dir, name, 'package.json'), 'utf8')) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'none';
}

function output(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', cwd: dirname(import.meta.filename) }).trim();
  } catch {
    return '';
  }
}

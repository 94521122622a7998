import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { ProbeServer } from './probe-server.ts';

const run = promisify(execFile);
const program = createRequire(import.meta.url).resolve('autocannon/autocannon.js');

interface Result {
  readonly requests: { readonly average: number; readonly total: number };
  readonly non2xx: number;
  readonly errors: number;
}

export interface Throughput {
  readonly requestsPerSecond: number;
  /** Of this process, which runs the server: less disturbed by what else the machine does. */
  readonly cpuUsPerRequest: number;
}

/** What a server of this process does for 32 clients of another. */
export async function measure({ url, headers }: ProbeServer, durationS: number): Promise<Throughput> {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const before = process.cpuUsage();
  const { stdout } = await run(process.execPath, [program, '-j', '-c', '32', '-d', String(durationS), ...given, url]);
  const { user, system } = process.cpuUsage(before);
  const { requests, non2xx, errors } = JSON.parse(stdout) as Result;
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers were no success, ${errors} requests failed`);
  return { requestsPerSecond: requests.average, cpuUsPerRequest: (user + system) / requests.total };
}

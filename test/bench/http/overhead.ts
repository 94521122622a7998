import { measure, type Throughput } from './autocannon.ts';
import { startApp, startBare } from './probe-server.ts';

export interface OverheadReport {
  readonly bare: Throughput;
  readonly app: Throughput;
  /** app / bare, by requests per second. */
  readonly ratio: number;
}

const ROUNDS = 5;
const ROUND_S = 3;

/** What the application adds to bare Fastify: both send the same ready-made page, in turns, in one process. */
export async function run(): Promise<OverheadReport> {
  const servers = [await startBare(), await startApp()];
  const figures: Throughput[][] = servers.map(() => []);
  for (const server of servers) await measure(server, 1);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, server] of servers.entries()) figures[i]?.push(await measure(server, ROUND_S));
  await Promise.all(servers.map((server) => server.close()));
  const [bare, app] = figures.map(middle);
  if (!bare || !app) throw new Error('a server was not measured');
  return { bare, app, ratio: app.requestsPerSecond / bare.requestsPerSecond };
}

const middle = (all: readonly Throughput[]): Throughput => ({
  requestsPerSecond: median(all.map((one) => one.requestsPerSecond)),
  cpuUsPerRequest: median(all.map((one) => one.cpuUsPerRequest)),
});
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

if (process.argv[1] === import.meta.filename) {
  const { ratio, ...rows } = await run();
  console.table(rows);
  console.log(`app / bare: ${ratio.toFixed(2)}`);
}

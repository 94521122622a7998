import type { Section } from '../report/report.ts';
import { measure, type Throughput } from './autocannon.ts';
import { startApp, startBare } from './probe-server.ts';

/** What the application adds to bare Fastify: both send the same ready-made page, in turns, in one process. */
export async function overhead(short: boolean): Promise<Section> {
  const rounds = short ? 1 : 5;
  const roundS = short ? 1 : 3;
  const servers = [await startBare(), await startApp()];
  const figures: Throughput[][] = servers.map(() => []);
  for (const server of servers) await measure(server, 1);
  for (let round = 0; round < rounds; round++)
    for (const [i, server] of servers.entries()) figures[i]?.push(await measure(server, roundS));
  await Promise.all(servers.map((server) => server.close()));
  const [bare, app] = figures.map(middle);
  if (!bare || !app) throw new Error('a server was not measured');
  const row = (name: string, { requestsPerSecond, cpuUsPerRequest }: Throughput) => [
    name,
    requestsPerSecond.toFixed(0),
    cpuUsPerRequest.toFixed(1),
    (requestsPerSecond / bare.requestsPerSecond).toFixed(2),
  ];
  return {
    title: 'What the surface costs',
    about: `A page made before, 32 clients of another process, the middle of ${rounds} rounds of ${roundS} s in turns.`,
    columns: ['server', 'per second', 'CPU us each', 'of bare'],
    rows: [row('bare Fastify', bare), row('the application: token, query, headers, metrics', app)],
  };
}

const middle = (all: readonly Throughput[]): Throughput => ({
  requestsPerSecond: median(all.map((one) => one.requestsPerSecond)),
  cpuUsPerRequest: median(all.map((one) => one.cpuUsPerRequest)),
});
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

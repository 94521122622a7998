import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';

// Fastify and nothing else, sending the bytes of a file; and what CPU it used, in the form that the application says it.
const page = readFileSync(process.env.PAGE ?? '');
const server = fastify();
server.get('/v1/feed', (_request, reply) => {
  void reply.header('content-type', 'application/json; charset=utf-8').send(page);
});
server.get('/metrics', (_request, reply) => {
  const { user, system } = process.cpuUsage();
  void reply.send(`process_cpu_seconds_total ${(user + system) / 1e6}\n`);
});
const origin = await server.listen({ host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT) });
process.once('SIGTERM', () => void server.close());
console.log(`ready ${origin}`);

import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const INTERVAL_MS = 50;

/**
 * A server that stops waits for its connections, and ends only those that are idle at that very moment. This ends what
 * it would wait for in vain: connections that become idle after their answer, which live as long as their keep-alive, and
 * those that have never sent a request, which no timeout ends any more.
 */
export function endConnectionsOnClose(fastify: FastifyInstance): void {
  const silent = silentConnections(fastify.server);
  let timer: NodeJS.Timeout | undefined;
  fastify.addHook('preClose', (done) => {
    timer = setInterval(() => {
      fastify.server.closeIdleConnections();
      for (const socket of silent) socket.destroy();
    }, INTERVAL_MS);
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
}

/** Those whose first request has not arrived. */
function silentConnections(server: Server): Set<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => silent.delete(socket));
  return silent;
}

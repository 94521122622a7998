import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const INTERVAL_MS = 50;

/** A request that is still not complete, or an answer that is still not taken, after so long will never be. */
const PATIENCE_MS = 10_000;

/**
 * A server that stops waits for its connections, and ends only those that are idle at that very moment. This ends what
 * it would wait for in vain: connections that become idle after their answer, which live as long as their keep-alive, and
 * those that have never sent a request, or stopped in the middle of one, which no timeout ends any more.
 */
export function endConnectionsOnClose(fastify: FastifyInstance): void {
  const silent = silentConnections(fastify.server);
  const timers: NodeJS.Timeout[] = [];
  fastify.addHook('preClose', (done) => {
    const endIdle = (): void => {
      fastify.server.closeIdleConnections();
      for (const socket of silent) socket.destroy();
    };
    timers.push(setInterval(endIdle, INTERVAL_MS));
    timers.push(setTimeout(() => fastify.server.closeAllConnections(), PATIENCE_MS));
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    timers.forEach(clearTimeout);
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

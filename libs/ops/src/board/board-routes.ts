import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { QUEUE_LANES, queueNames } from '#fanout';
import type { ForeignRoutes } from '#http';
import { Runtime } from '#runtime';
import { BOARD_PATH, isOperator } from './board-session.ts';

/** For the board's routes, which do their own asking: see `admit`. */
export const boardPolicy: ForeignRoutes = { prefix: BOARD_PATH, policy: { token: 'open', takesQuery: true } };

/** The board sets styles from scripts; it loads nothing from anywhere else. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'private, no-store',
};
const FOREIGN_FONTS = /<link href="https:[^>]*>/g;

/** bull-board over the fan-out's queues, to look at: what there is to do about them the API offers, once and safely. */
@Injectable()
export class BoardRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Runtime) private readonly runtime: Runtime,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const serverAdapter = new FastifyAdapter();
    serverAdapter.setBasePath(BOARD_PATH);
    createBullBoard({ queues: this.#queues(), serverAdapter, options: { uiConfig: { boardTitle: 'Groundswell' } } });
    // Not awaited: that would make Fastify boot now, before Nest has told it how to answer errors.
    void fastify.register(
      async (scope) => {
        scope.addHook('onRequest', (request, reply) => this.#admit(request, reply));
        scope.addHook('onSend', async (_request, reply, payload) => {
          reply.headers(HEADERS);
          return typeof payload === 'string' ? payload.replace(FOREIGN_FONTS, '') : payload;
        });
        await scope.register(serverAdapter.registerPlugin());
      },
      { prefix: BOARD_PATH },
    );
  }

  #queues(): BullMQAdapter[] {
    const names = QUEUE_LANES.flatMap(queueNames);
    return names.map((name) => new BullMQAdapter(this.runtime.queues.queue(name), { readOnlyMode: true }));
  }

  /** People without a session are sent to the page that gives them one. */
  async #admit({ method, headers, url }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    if (!(await isOperator(this.runtime.tokens, headers.cookie))) {
      return url.startsWith(`${BOARD_PATH}/api/`) ? reply.code(401).send() : reply.redirect('/ops', 303);
    }
    return method === 'GET' || method === 'HEAD' ? undefined : reply.code(405).header('allow', 'GET').send();
  }
}

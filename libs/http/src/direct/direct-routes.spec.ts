import { Body, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards, UseInterceptors } from '@nestjs/common';
import { type FastifyInstance, type FastifyReply, fastify, type RouteHandlerMethod } from 'fastify';
import * as z from 'zod';
import { AppError } from '#kernel';
import { Endpoint } from '../openapi/endpoint.ts';
import { MaybeViewer } from '../routing/viewer.ts';
import { DirectRoutes } from './direct-routes.ts';

const answers = { 200: null };
const about = { tag: 'operations', summary: '', answers } as const;
const number = z.coerce.number();

class Things {
  readonly #name = 'things';

  @Get()
  @Endpoint(about)
  find(
    @Query({ schema: z.object({ n: number }) }) { n }: { n: number },
    @Param('id', { schema: number }) id: number,
    @Headers('X-Extra') extra: string,
    @MaybeViewer() viewer: bigint | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    reply.header('x-own', this.#name);
    return Promise.resolve({ id, n, extra, viewer: viewer ?? null });
  }

  @Post()
  @Endpoint(about)
  make(@Body({ schema: z.object({ text: z.string() }) }) { text }: { text: string }): object {
    if (text === 'sync') throw new AppError('blocked');
    return { text };
  }

  @Post()
  @HttpCode(202)
  @Endpoint(about)
  take(): Promise<void> {
    return Promise.resolve();
  }

  @Post()
  @Endpoint(about)
  fail(): Promise<void> {
    return Promise.reject(new AppError('not_author'));
  }

  @Get()
  @UseGuards({ canActivate: () => false })
  @Endpoint(about)
  guarded(): string {
    return '';
  }

  @Get()
  @UseInterceptors({ intercept: (_context, next) => next.handle() })
  @Endpoint(about)
  intercepted(): string {
    return '';
  }

  @Get()
  @Endpoint(about)
  whole(@Res() reply: FastifyReply): void {
    void reply.send('');
  }
}

const nest: RouteHandlerMethod = (_request, reply) => reply.code(418).send({ by: 'nest' });

describe('direct routes', () => {
  const instance = new Things();
  const direct = new DirectRoutes({
    instanceOf: () => instance,
    answerError: (error, _request, reply) => void reply.code((error as AppError).status).send((error as AppError).code),
  });
  const handlerOf = (name: keyof Things, verb = 'GET') => direct.handlerOf({ controller: Things, name }, verb, nest);
  let server: FastifyInstance;

  beforeAll(async () => {
    server = fastify();
    server.decorateRequest('identity', undefined);
    server.get('/things/:id', handlerOf('find'));
    for (const name of ['make', 'take', 'fail'] as const) server.post(`/${name}`, handlerOf(name, 'POST'));
    await server.ready();
  });

  afterAll(() => server.close());

  it('reads arguments by their decorators and schemas, and sends what the method resolves to', async () => {
    const answer = await server.inject({ url: '/things/7?n=3', headers: { 'x-extra': 'more' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['x-own']).toBe('things');
    expect(answer.json()).toEqual({ id: 7, n: 3, extra: 'more', viewer: null });
  });

  it('answers with the status that Nest would choose', async () => {
    const made = await server.inject({ method: 'POST', url: '/make', payload: { text: 'a' } });
    expect([made.statusCode, made.json()]).toEqual([201, { text: 'a' }]);
    expect((await server.inject({ method: 'POST', url: '/take' })).statusCode).toBe(202);
  });

  it.each([
    ['GET', '/things/x?n=3', undefined, 'validation_failed'],
    ['POST', '/make', { text: 7 }, 'validation_failed'],
    ['POST', '/make', { text: 'sync' }, 'blocked'],
    ['POST', '/fail', undefined, 'not_author'],
  ] as const)('hands over what goes wrong: %s %s %j', async (method, url, payload, code) => {
    const answer = await server.inject({ method, url, ...(payload && { payload }) });
    expect(answer.payload).toBe(code);
  });

  it('leaves empty parameters to Nest', async () => {
    expect((await server.inject({ url: '/things/?n=3' })).json()).toEqual({ by: 'nest' });
  });

  it.each(['guarded', 'intercepted', 'whole'] as const)('leaves a method to Nest that is %s', (name) => {
    expect(handlerOf(name)).toBe(nest);
    expect(handlerOf('find')).not.toBe(nest);
  });
});

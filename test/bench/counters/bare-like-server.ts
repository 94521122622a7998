import { fastify } from 'fastify';

// Fastify and nothing else: the same requests, an answer of the same size.
const server = fastify();
const answer = {
  schema: {
    response: { 200: { type: 'object', properties: { liked: { type: 'boolean' }, likeCount: { type: 'integer' } } } },
  },
};
let likes = 0;
server.put('/v1/posts/:id/like', answer, (_request, reply) => void reply.send({ liked: true, likeCount: ++likes }));
server.delete('/v1/posts/:id/like', answer, (_request, reply) => void reply.send({ liked: false, likeCount: --likes }));
const origin = await server.listen({ host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT) });
process.once('SIGTERM', () => void server.close());
console.log(`ready ${origin}`);

import type { FastifyReply, FastifyRequest } from 'fastify';
import { includesTag } from '../headers/etag.ts';
import { REQUEST_ID_HEADER } from '../headers/request-id.ts';
import type { Headers } from '../headers/security-headers.ts';
import type { ReadySlot } from './ready-answers.ts';

export type SendReady = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * Sends a route's ready answer, if there is one, past Fastify's reply: its headers are the same each time, and put together
 * once.
 */
export function readySender(slot: ReadySlot, headers: Headers): SendReady {
  const fixed = Object.entries(headers).flat();
  return (request, reply) => {
    const answer = slot.find?.(request.params as Record<string, string>);
    if (answer === undefined) return false;
    const { bytes, etag } = answer;
    const known = request.headers['if-none-match'];
    const unchanged = known !== undefined && includesTag(known, etag);
    reply.hijack();
    const own = [...fixed, 'etag', etag, REQUEST_ID_HEADER, request.id];
    if (unchanged) reply.raw.writeHead(304, own).end();
    else reply.raw.writeHead(200, [...own, 'content-length', String(bytes.length)]).end(bytes, 'latin1');
    return true;
  };
}

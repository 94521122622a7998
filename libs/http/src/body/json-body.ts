import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#kernel';

export const BODY_BYTES_MAX = 64 * 1024;
const DEPTH_MAX = 16;
/** Methods whose body may be missing although its type is given. */
const BODY_OPTIONAL = new Set(['PUT', 'DELETE']);

/** JSON is the only kind of body; everything else is refused with 415, and what is too long with 413 before it is read. */
export function acceptJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX } as const;
  fastify.addContentTypeParser<Buffer>('application/json', options, (request, body, done) => {
    try {
      done(null, parseBody(body, BODY_OPTIONAL.has(request.method)));
    } catch (error) {
      done(error as AppError);
    }
  });
}

/** @throws AppError `bad_json`. */
export function parseBody(body: Buffer, optional: boolean): unknown {
  if (body.length === 0 && optional) return undefined;
  if (!isUtf8(body)) throw new AppError('bad_json', 'the body is not UTF-8');
  const value = parse(body.toString());
  if (isDeeper(value, DEPTH_MAX)) throw new AppError('bad_json', 'the body is nested too deeply');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('bad_json');
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

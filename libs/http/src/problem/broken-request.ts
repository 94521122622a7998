import type { Socket } from 'node:net';
import { AppError } from '#kernel';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/** Answers what Node's parser could not make a request of, and ends the connection. */
export function answerBrokenRequest(error: Error & { code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(answerTo(error.code));
  socket.destroySoon();
}

const DETAILS: Readonly<Record<string, { field: string; code: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { field: 'headers', code: 'too_long', detail: 'are longer than 16 KiB' },
  ERR_HTTP_REQUEST_TIMEOUT: { field: 'request', code: 'too_slow', detail: 'did not arrive in time' },
};
const MALFORMED = { field: 'request', code: 'malformed', detail: 'is not HTTP/1.1' };

function answerTo(code: string): string {
  const error = new AppError('validation_failed', undefined, { errors: [DETAILS[code] ?? MALFORMED] });
  const body = JSON.stringify(problemOf(error, '-'));
  return [
    'HTTP/1.1 400 Bad Request',
    'Connection: close',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

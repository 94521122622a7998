import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

const ACCEPTED = /^[\w.:-]{8,64}$/;

/** Ids for logs and answers: the one that a proxy in front has given, or a prefix of this process and a number. */
export function requestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const prefix = randomBytes(6).toString('base64url');
  let last = 0;
  return ({ headers }) => {
    const given = headers[REQUEST_ID_HEADER];
    return typeof given === 'string' && ACCEPTED.test(given) ? given : `${prefix}-${(++last).toString(36)}`;
  };
}

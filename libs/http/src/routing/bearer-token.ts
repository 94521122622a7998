import { AppError } from '#kernel';

const BEARER = /^Bearer +([\w.~+/=-]+)$/i;

/** The token of an Authorization header (RFC 6750). @throws AppError `unauthorized` for a header that holds none. */
export function bearerToken(header: string): string {
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new AppError('unauthorized', 'the Authorization header holds no Bearer token');
  return token;
}

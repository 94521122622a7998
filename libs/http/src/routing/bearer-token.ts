import { AppError } from '#kernel';

const SCHEME = 'bearer ';

/**
 * What stands for a token in an Authorization header (RFC 6750); whether it is one is for its verification to say.
 * @throws AppError `unauthorized` for another scheme.
 */
export function bearerToken(header: string): string {
  if (header.slice(0, SCHEME.length).toLowerCase() !== SCHEME)
    throw new AppError('unauthorized', 'the Authorization header holds no Bearer token');
  return header.slice(SCHEME.length).trim();
}

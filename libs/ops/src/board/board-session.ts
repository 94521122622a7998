import type { Tokens } from '#auth';

export const BOARD_PATH = '/ops/queues';

const COOKIE = 'groundswell_ops';
const ATTRIBUTES = `Path=${BOARD_PATH}; HttpOnly; SameSite=Strict`;

/**
 * The board's pages are opened by links, which carry no token. So the token itself is handed over once, as a cookie that
 * scripts cannot read, other sites cannot send, and no address shows. It ends with the browser's session or the token.
 */
export function sessionCookie(token: string, secure: boolean): string {
  return `${COOKIE}=${token}; ${ATTRIBUTES}${secure ? '; Secure' : ''}`;
}

export function endedSessionCookie(secure: boolean): string {
  return `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}${secure ? '; Secure' : ''}`;
}

/** Whether the cookies of a request hold an operator's token. */
export async function isOperator(tokens: Tokens, cookies: string | undefined): Promise<boolean> {
  const token = cookies?.split(';').flatMap((cookie) => {
    const [name, value] = cookie.trim().split('=', 2);
    return name === COOKIE && value !== undefined ? [value] : [];
  })[0];
  if (token === undefined || token === '') return false;
  try {
    return (await tokens.verify(token)).ops;
  } catch {
    return false;
  }
}

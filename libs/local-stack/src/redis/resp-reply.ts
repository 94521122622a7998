/** What a Redis answers, by RESP version 2. */
export type Reply = string | number | null | readonly Reply[] | ReplyError;

/** An error that the server answered; inside an array it is a value like any other. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
}

/** The bytes are no RESP: whoever answers is no Redis. */
export class NotRespError extends Error {
  override readonly name = 'NotRespError';
}

/** The reply that starts at `at` and where the next one starts, or undefined while it is not complete. */
export function readReply(bytes: Buffer, at = 0): { reply: Reply; next: number } | undefined {
  if (at >= bytes.length) return undefined;
  const kind = String.fromCharCode(bytes[at] ?? 0);
  if (!'+-:$*'.includes(kind)) throw new NotRespError();
  const end = bytes.indexOf('\r\n', at);
  if (end < 0) return undefined;
  const line = bytes.toString('utf8', at + 1, end);
  const next = end + 2;
  switch (kind) {
    case '+':
      return { reply: line, next };
    case '-':
      return { reply: new ReplyError(line), next };
    case ':':
      return { reply: Number(line), next };
    case '$':
      return readText(bytes, next, Number(line));
    default:
      return readArray(bytes, next, Number(line));
  }
}

function readText(bytes: Buffer, at: number, length: number) {
  if (length < 0) return { reply: null, next: at };
  const next = at + length + 2;
  return bytes.length < next ? undefined : { reply: bytes.toString('utf8', at, at + length), next };
}

function readArray(bytes: Buffer, at: number, length: number) {
  if (length < 0) return { reply: null, next: at };
  const items: Reply[] = [];
  let next = at;
  while (items.length < length) {
    const item = readReply(bytes, next);
    if (!item) return undefined;
    items.push(item.reply);
    next = item.next;
  }
  return { reply: items, next };
}

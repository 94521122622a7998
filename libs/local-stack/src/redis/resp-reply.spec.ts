import { NotRespError, type Reply, ReplyError, readReply } from './resp-reply.ts';

const cases: [string, Reply][] = [
  ['+OK\r\n', 'OK'],
  [':-12\r\n', -12],
  ['$-1\r\n', null],
  ['*-1\r\n', null],
  ['$0\r\n\r\n', ''],
  ['$8\r\nzwei\r\ndr\r\n', 'zwei\r\ndr'],
  ['$3\r\n\u20ac\r\n', '€'],
  ['*0\r\n', []],
  ['*3\r\n:1\r\n*1\r\n$1\r\na\r\n+b\r\n', [1, ['a'], 'b']],
];

describe('readReply', () => {
  it.each(cases)('reads %j, and waits while any of it is missing', (text, reply) => {
    const bytes = Buffer.from(text);
    expect(readReply(bytes)).toEqual({ reply, next: bytes.length });
    for (let end = 0; end < bytes.length; end++) expect(readReply(bytes.subarray(0, end))).toBeUndefined();
  });

  it('reads one of several', () => {
    expect(readReply(Buffer.from('+a\r\n+b\r\n'), 4)).toEqual({ reply: 'b', next: 8 });
  });

  it('gives an error as a value', () => {
    expect(readReply(Buffer.from('-ERR no\r\n'))?.reply).toEqual(new ReplyError('ERR no'));
  });

  it('refuses what is no RESP as soon as it sees it', () => {
    expect(() => readReply(Buffer.from('H'))).toThrow(NotRespError);
    expect(() => readReply(Buffer.from('*1\r\nx'))).toThrow(NotRespError);
  });
});

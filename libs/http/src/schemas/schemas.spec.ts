import type * as z from 'zod';
import { listQuery, newPost, postId, profileChange, registration, userReference } from './index.ts';

/** The paths and codes of what is wrong with a value; empty when it is fine. */
function wrong(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map((issue) => {
    const code = issue.code === 'custom' ? String(issue.params?.code) : issue.code;
    return [...issue.path, code].join(' ');
  });
}

describe('post text', () => {
  it.each([
    'a'.repeat(500),
    '😀'.repeat(500),
    '漢'.repeat(500),
    'x',
    'e\u0301'.repeat(250),
    '👨‍👩‍👧'.repeat(100),
    'a\u202eb',
    'a\nb\tc',
    ' padded ',
    '\u212b A\u030a',
    '\u200b', // not white space to Unicode
  ])('takes and keeps %j', (text) =>
    expect(newPost.parse({ text })).toEqual({ kind: 'post', text, replyTo: undefined }),
  );

  it.each([
    ['a'.repeat(501), 'too_long'],
    ['😀'.repeat(501), 'too_long'],
    ['e\u0301'.repeat(500), 'too_long'],
    ['👨‍👩‍👧'.repeat(101), 'too_long'],
    ['x'.repeat(60_000), 'too_long'],
    ['', 'too_short'],
    ['   ', 'blank'],
    ['\n\t ', 'blank'],
    ['\u00a0\u3000', 'blank'],
    ...['\ud800', 'a\udc00b', 'a\u0000b', 'a\u0007b', 'a\u001bb', 'a\u007fb', 'a\u0090b', '\r\n', 'a\r\nb'].map((t) => [
      t,
      'forbidden_character',
    ]),
  ])('refuses %j: %s', (text, code) => expect(wrong(newPost, { text })).toEqual([`text ${code}`]));
});

describe('a new post', () => {
  it('is a post, a reply or a repost', () => {
    expect(newPost.parse({ text: 'x', replyTo: '7' })).toEqual({ kind: 'post', text: 'x', replyTo: 7n });
    expect(newPost.parse({ repostOf: '7' })).toEqual({ kind: 'repost', repostOf: 7n });
  });

  it.each([
    [{}, ['text required']],
    [{ text: 'quote', repostOf: '7' }, ['text not_allowed']],
    [{ replyTo: '7', repostOf: '7' }, ['replyTo not_allowed']],
    [{ text: 'x', replyTo: '7', repostOf: '7' }, ['text not_allowed', 'replyTo not_allowed']],
    [{ text: '', colour: 1, replyTo: 'x y' }, ['text too_short', 'replyTo malformed', 'unrecognized_keys']],
    [{ text: null }, ['text invalid_type']],
    [{ text: ['a'] }, ['text invalid_type']],
    [JSON.parse('{"text":"x","__proto__":{"a":1}}'), ['unrecognized_keys']],
    [{ text: 'x', constructor: { prototype: {} } }, ['unrecognized_keys']],
    [[], ['invalid_type']],
    ['text', ['invalid_type']],
    [null, ['invalid_type']],
  ])('%j: %j', (body, problems) => expect(wrong(newPost, body)).toEqual(problems));

  it.each([221184398712832000, 'abc', '-1', '99999999999999999999', '1.5', '', {}, true, null])(
    'refuses the id %j',
    (value) => {
      expect(wrong(newPost, { text: 'x', replyTo: value })).toHaveLength(1);
      expect(wrong(newPost, { repostOf: value })).toHaveLength(1);
    },
  );
});

describe('registration', () => {
  const good = { handle: 'Ada_L', password: 'pass word' };

  it('shows the handle in lower case', () => expect(registration.parse(good)).toMatchObject({ handle: 'ada_l' }));
  it.each([8, 128])('takes a password of %i', (n) =>
    expect(wrong(registration, { ...good, password: 'p'.repeat(n) })).toEqual([]),
  );
  it('counts code points of a password', () => {
    expect(wrong(registration, { ...good, password: '😀'.repeat(128) })).toEqual([]);
    expect(wrong(registration, { ...good, password: '😀'.repeat(7) })).toEqual(['password too_short']);
    expect(wrong(registration, { ...good, password: `\ud800${'p'.repeat(10)}` })).toEqual([
      'password forbidden_character',
    ]);
  });

  it.each(['ab', 'a'.repeat(31), 'a-b-c', 'a b c', 'éééé', '', '@abc', 'abc\n', 'K\u212aK', 'ſſſ'])(
    'refuses the handle %j',
    (handle) => expect(wrong(registration, { ...good, handle })).toEqual(['handle malformed']),
  );
  it.each([123, null, {}, ['abc'], undefined])('refuses the handle %j', (handle) =>
    expect(wrong(registration, { ...good, handle })).toEqual(['handle invalid_type']),
  );
  it.each(['', 'p'.repeat(7), 'p'.repeat(129), null, 12345678])('refuses the password %j', (password) =>
    expect(wrong(registration, { ...good, password })).toHaveLength(1),
  );
  it.each(['', 'n'.repeat(51), null, 5, {}, '  ', 'a\u0000', '\ud800'])('refuses the displayName %j', (displayName) => {
    expect(wrong(registration, { ...good, displayName })).toHaveLength(1);
    expect(wrong(profileChange, { displayName })).toHaveLength(1);
  });
  it('refuses what it does not know', () =>
    expect(wrong(registration, { handle: '!', password: 5, ops: true })).toHaveLength(3));
});

describe('ids and references', () => {
  it.each([['1', 1n] as const, ['9223372036854775807', 9223372036854775807n] as const])('%s is an id', (text, id) =>
    expect(postId.parse(text)).toBe(id),
  );
  it.each(['0', '-1', '9223372036854775808', '18446744073709551616', '1.5', '1e3', '0x10', 'null', '__proto__', ''])(
    '%j is none',
    (text) => expect(wrong(postId, text)).toEqual(['malformed']),
  );
  it('a user is named by id or handle', () => {
    expect(userReference.parse('42')).toEqual({ id: 42n });
    expect(userReference.parse('@Ada_L')).toEqual({ handle: 'ada_l' });
    for (const text of ['@', '@x', 'ada_l', '@a-b-c', '0']) expect(wrong(userReference, text)).toEqual(['malformed']);
  });
});

describe('the query of a list', () => {
  it('has a default', () => expect(listQuery.parse({})).toEqual({ limit: 20 }));
  it('takes 1 to 100', () =>
    expect(listQuery.parse({ limit: '100', cursor: 'x' })).toEqual({ limit: 100, cursor: 'x' }));
  it.each(['0', '101', 'abc', '-1', '1.5', '1e9', 'NaN', '', ' 5', '05', ['5', '6']])('refuses the limit %j', (limit) =>
    expect(wrong(listQuery, { limit })).toHaveLength(1),
  );
  it('refuses a cursor given twice, and what it does not know', () => {
    expect(wrong(listQuery, { cursor: ['a', 'b'] })).toEqual(['cursor invalid_type']);
    expect(wrong(listQuery, { Limit: '5' })).toEqual(['unrecognized_keys']);
  });
});

import { parseBody } from './json-body.ts';

const parse = (text: string | Buffer, optional = false): unknown => parseBody(Buffer.from(text as string), optional);
const refused = expect.objectContaining({ code: 'bad_json' }) as Error;
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('parseBody', () => {
  it('takes JSON', () => expect(parse('{"text":"wörld 😀"}')).toEqual({ text: 'wörld 😀' }));

  it.each([
    '{"text":',
    '{text:"x"}',
    '',
    '{"text":"x"}}',
    "{'text':'x'}",
    '\u0000',
    '{"text":"\\u12"}',
    'undefined',
    ' ',
  ])('refuses %j', (text) => expect(() => parse(text)).toThrow(refused));

  it('refuses bytes that are no UTF-8', () =>
    expect(() => parse(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toThrow(refused));

  it('takes an empty body only where it may be missing', () => {
    expect(parse('', true)).toBeUndefined();
    expect(() => parse(' ', true)).toThrow(refused);
  });

  it('refuses what is nested deeply', () => {
    expect(parse(nested(16))).toBeDefined();
    expect(() => parse(nested(17))).toThrow(refused);
    expect(() => parse(nested(30_000))).toThrow(refused);
    expect(() => parse(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`)).toThrow(refused);
  });

  it('leaves prototypes alone', () => {
    const body = parse('{"__proto__":{"polluted":1}}') as object;
    expect(Object.keys(body)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });
});

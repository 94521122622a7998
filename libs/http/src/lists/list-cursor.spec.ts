import fc from 'fast-check';
import { idOfPosition, positionOfId } from './id-position.ts';
import { ListCursor } from './list-cursor.ts';

const followers = new ListCursor('followers');
const position = fc.uint8Array({ maxLength: 40 });
const subject = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const refused = expect.objectContaining({ code: 'bad_cursor' }) as Error;

describe('ListCursor', () => {
  it('gives back the position that it was given', () =>
    fc.assert(
      fc.property(subject, position, (list, bytes) => {
        const text = followers.encode(list, bytes);
        expect(text).toMatch(/^[\w-]+$/);
        expect(followers.decode(list, text).equals(bytes)).toBe(true);
      }),
    ));

  it('refuses what was cut off, at whatever place', () =>
    fc.assert(
      fc.property(subject, position, fc.nat(), (list, bytes, cut) => {
        const text = followers.encode(list, bytes);
        expect(() => followers.decode(list, text.slice(0, cut % text.length))).toThrow(refused);
      }),
    ));

  it('refuses a changed character', () =>
    fc.assert(
      fc.property(subject, position, fc.nat(), (list, bytes, at) => {
        const text = followers.encode(list, bytes);
        const i = at % text.length;
        const changed = text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1);
        expect(() => followers.decode(list, changed)).toThrow(refused);
      }),
    ));

  it('refuses the cursor of another kind of list or another subject', () => {
    const text = followers.encode(7n, positionOfId(1n));
    expect(() => new ListCursor('following').decode(7n, text)).toThrow(refused);
    expect(() => followers.decode(8n, text)).toThrow(refused);
  });

  it.each([
    '',
    'garbage',
    '%00%ff',
    '🦊',
    'AAAA',
    'AAAAAAAAAAAA',
    Buffer.from('{"v":99,"id":"1"}').toString('base64url'),
    'x'.repeat(3000),
    "'; drop table posts; --",
  ])('refuses %j', (text) => expect(() => followers.decode(0n, text)).toThrow(refused));

  it('refuses another spelling of the same bytes', () => {
    const text = followers.encode(7n, Buffer.from([0xfb, 0xff]));
    for (const other of [`${text}=`, ` ${text}`, text.replaceAll('-', '+').replaceAll('_', '/')].filter(
      (t) => t !== text,
    ))
      expect(() => followers.decode(7n, other)).toThrow(refused);
  });

  it('refuses another version', () => {
    const bytes = Buffer.from(followers.encode(7n, positionOfId(1n)), 'base64url');
    bytes[0] = 2;
    expect(() => followers.decode(7n, bytes.toString('base64url'))).toThrow(refused);
  });

  it('takes no longer position than it says', () =>
    expect(() => followers.encode(0n, new Uint8Array(41))).toThrow(RangeError));
});

describe('positions by id', () => {
  it('round trip', () => expect(idOfPosition(positionOfId(2n ** 63n - 1n))).toBe(2n ** 63n - 1n));
  it.each([positionOfId(0n), Buffer.alloc(8, 0xff), Buffer.alloc(7), Buffer.alloc(9)])('refuses %j', (bytes) =>
    expect(() => idOfPosition(bytes)).toThrow(refused),
  );
});

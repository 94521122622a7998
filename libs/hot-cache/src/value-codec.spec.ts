import fc from 'fast-check';
import { bytesCodec, jsonCodec } from './value-codec.ts';

describe('jsonCodec', () => {
  it('gives back what it got, bigints included, frozen through and through', () => {
    const leaf = fc.oneof(fc.string(), fc.bigInt(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant('~1'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
      ),
    }));
    const codec = jsonCodec<unknown>();
    fc.assert(
      fc.property(value, (given) => {
        const got = codec.decode(codec.encode(given));
        expect(got).toEqual(given);
        expect(isFrozenThrough(got)).toBe(true);
      }),
    );
  });
});

describe('bytesCodec', () => {
  it('keeps nothing of the reply alive', () => {
    const reply = Buffer.from('0123456789');
    const bytes = bytesCodec.decode(reply.subarray(2, 5));
    expect([String(bytes), bytes.buffer.byteLength]).toEqual(['234', 3]);
  });
});

function isFrozenThrough(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenThrough);
}

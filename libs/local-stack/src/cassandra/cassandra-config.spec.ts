import { evenToken } from './cassandra-config.ts';

describe('evenToken', () => {
  it('shares the ring of 64-bit tokens evenly', () => {
    expect(evenToken(0, 1)).toBe(-9223372036854775808n);
    expect([0, 1, 2].map((i) => evenToken(i, 3))).toEqual([
      -9223372036854775808n,
      -3074457345618258603n,
      3074457345618258602n,
    ]);
  });
});

import { ENTRY_BYTES } from './entry.ts';
import { HEADER_BYTES } from './inbox-header.ts';
import { inboxSize } from './inbox-size.ts';

describe('inboxSize', () => {
  it.each([1, 2, 10, 63, 64, 100, 500, 764, 800, 893, 1000, 5000, 100_000])(
    'never holds more than %d entries',
    (max) => {
      const { bytesMax, bytesKept } = inboxSize(max);
      expect(bytesMax).toBeLessThanOrEqual(HEADER_BYTES + max * ENTRY_BYTES);
      expect(bytesMax).toBeGreaterThanOrEqual(HEADER_BYTES + max * ENTRY_BYTES * 0.8);
      expect(bytesKept).toBeLessThan(bytesMax);
      expect((bytesKept - HEADER_BYTES) % ENTRY_BYTES).toBe(0);
    },
  );

  it.each([764, 800, 893, 1000, 5000, 100_000])('stays in one allocation from trim to trim at %d entries', (max) => {
    const { bytesMax, bytesKept } = inboxSize(max);
    const step = 2 ** (Math.floor(Math.log2(bytesMax + 6)) - 2);
    expect(Math.ceil((bytesKept + 6) / step)).toBe(Math.ceil((bytesMax + 6) / step));
  });

  it('fills an allocation of 12,288 bytes at the default of 800', () => {
    const { bytesMax } = inboxSize(800);
    expect(bytesMax).toBeLessThanOrEqual(12_288 - 6);
    expect(bytesMax).toBeGreaterThan(12_288 - 6 - ENTRY_BYTES);
  });
});

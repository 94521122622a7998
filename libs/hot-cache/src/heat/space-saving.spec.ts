import fc from 'fast-check';
import { SpaceSaving } from './space-saving.ts';

describe('SpaceSaving', () => {
  it('never says more than was counted, and loses nothing more frequent than its share', () => {
    const stream = fc.array(fc.oneof(fc.nat(5), fc.nat(60)), { maxLength: 400 });
    fc.assert(
      fc.property(stream, fc.integer({ min: 2, max: 20 }), (keys, capacity) => {
        const sketch = new SpaceSaving<number>(capacity);
        const counts = new Map<number, number>();
        for (const key of keys) {
          const atLeast = sketch.add(key);
          counts.set(key, (counts.get(key) ?? 0) + 1);
          expect(atLeast).toBeLessThanOrEqual(counts.get(key)!);
        }
        const top = sketch.top(capacity);
        for (const { key, atLeast } of top) expect(atLeast).toBeLessThanOrEqual(counts.get(key)!);
        const held = new Set(top.map(({ key }) => key));
        for (const [key, count] of counts) if (count > keys.length / capacity) expect(held.has(key)).toBe(true);
        expect(sketch.total).toBe(keys.length);
      }),
    );
  });

  it('is exact while there is room, and begins anew when cleared', () => {
    const sketch = new SpaceSaving<string>(4);
    for (const key of 'abacabad') sketch.add(key);
    expect(sketch.top(2)).toEqual([
      { key: 'a', atLeast: 4 },
      { key: 'b', atLeast: 2 },
    ]);
    sketch.clear();
    expect([sketch.top(4), sketch.total, sketch.add('a')]).toEqual([[], 0, 1]);
  });

  it('takes no key of a random stream for frequent', () => {
    const sketch = new SpaceSaving<number>(16);
    for (let i = 0; i < 10_000; i++) expect(sketch.add(i)).toBe(1);
  });
});

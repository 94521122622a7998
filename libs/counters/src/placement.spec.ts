import { idAt } from '#ids';
import { lineage, placeOf } from './placement.ts';

describe('placement', () => {
  it('spreads ids that differ in their time alone evenly', () => {
    const counts = new Array<number>(64).fill(0);
    for (let ms = 0; ms < 64_000; ms++) counts[placeOf(idAt(Date.UTC(2026, 0, 1) + ms), 64)]!++;
    expect(Math.max(...counts)).toBeLessThan(1200);
    expect(Math.min(...counts)).toBeGreaterThan(800);
  });

  it('gives all members of a shard the same ancestors', () => {
    const layout = [1, 4, 16, 64];
    for (let member = 1n; member < 500n; member++) {
      const shard = { kind: 'likes', id: 1n, generation: 3, shard: placeOf(member, 64) } as const;
      expect(lineage(shard, layout).map((s) => s.shard)).toEqual(layout.map((shards) => placeOf(member, shards)));
    }
  });
});

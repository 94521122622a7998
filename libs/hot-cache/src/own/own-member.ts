import type { CacheKey } from '../key-codec.ts';
import type { RegionMember } from '../region-assembly.ts';
import type { OwnRegion } from './own-region.ts';

type Watched = Pick<OwnRegion<CacheKey, never, unknown>, 'counters' | 'bytes' | 'owners' | 'heard' | 'stop'>;

/** An own region as its cache knows regions: nothing in it is hot, nothing is ever stale. */
export function memberOf(region: Watched): RegionMember {
  return {
    counters: region.counters,
    heat: undefined,
    local: {
      get bytes() {
        return region.bytes;
      },
      get entries() {
        return { main: region.owners, hot: 0, negative: 0 };
      },
    },
    stalenessBoundMs: 0,
    owes: false,
    voided: (texts) => region.heard(texts),
    warmed: () => undefined,
    prewarm: () => Promise.resolve(),
    trustLost: () => undefined,
    stop: () => region.stop(),
  };
}

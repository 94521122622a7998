import { createHash } from 'node:crypto';
import type { UserId } from '#ids';

/** Whom a viewer follows and since when: sorted, packed, immutable. 16 bytes an author. */
export class FollowList {
  /** Equal lists have equal fingerprints; any follow, unfollow or renewed follow changes it. Never 0. */
  readonly fingerprint: bigint;
  /** The ids as pairs of 32-bit halves (low, high): comparing numbers is several times faster than comparing bigints. */
  readonly #halves: Uint32Array;

  /**
   * @param ids ascending
   * @param since id-like times (`idAt`), one for each id
   */
  constructor(
    readonly ids: BigUint64Array,
    readonly since: BigUint64Array,
  ) {
    this.#halves = new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2);
    this.fingerprint = fingerprintOf(ids, since);
  }

  get size(): number {
    return this.ids.length;
  }

  get bytes(): number {
    return this.ids.byteLength * 2;
  }

  has(id: UserId): boolean {
    wanted[0] = id;
    const low = wantedHalves[0] ?? 0;
    const high = wantedHalves[1] ?? 0;
    let from = 0;
    let to = this.ids.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const h = this.#halves[middle * 2 + 1] ?? 0;
      const l = this.#halves[middle * 2] ?? 0;
      if (h === high && l === low) return true;
      if (h < high || (h === high && l < low)) from = middle + 1;
      else to = middle;
    }
    return false;
  }

  /** Those followed after a moment, given as an id-like time. */
  followedAfter(moment: bigint): UserId[] {
    const authors: UserId[] = [];
    for (let i = 0; i < this.ids.length; i++) {
      if ((this.since[i] ?? 0n) > moment) authors.push((this.ids[i] ?? 0n) as UserId);
    }
    return authors;
  }
}

/** Where `has` takes an id apart: shifting bigints would make new ones. */
const wanted = new BigUint64Array(1);
const wantedHalves = new Uint32Array(wanted.buffer);

function fingerprintOf(ids: BigUint64Array, since: BigUint64Array): bigint {
  const digest = createHash('sha1').update(ids).update(since).digest();
  return digest.readBigUInt64BE() | 1n;
}

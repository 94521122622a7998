import { LRUCache } from 'lru-cache';
import type { Clock } from '#kernel';
import type { CacheKey, KeyCodec } from '../key-codec.ts';
import { ENTRY_BYTES } from '../local/weigh.ts';
import { RegionCounters } from '../region-counters.ts';
import type { Soon } from '../region.ts';
import { Retirements, type RetirementLinks } from './retirements.ts';

export interface OwnAnswer<V> {
  /** Frozen, or never changed; undefined where there is nothing. */
  readonly value: V | undefined;
  /** Not where a change was seen to be under way: its `retire` may be over already. */
  readonly firm: boolean;
}

/** What an application says about one kind of thing that has owners, in parts. */
export interface OwnRegionOptions<O extends CacheKey, P extends bigint | string, V> {
  /** Unique in the cache, short. */
  readonly name: string;
  readonly owners: KeyCodec<O>;
  /**
   * Reads the source: one answer for each part, in order. It sees every change whose `retire` began before, finished or
   * as one that is under way.
   */
  readonly load: (owner: O, parts: readonly P[]) => Promise<readonly OwnAnswer<V>[]>;
  /** What a value takes in memory, at most. */
  readonly valueBytes: number;
  /** Of memory in this process. */
  readonly bytesMax?: number;
}

/** What the region needs of its cache. */
export interface OwnRegionContext extends RetirementLinks {
  readonly clock: Clock;
  /** Whether to keep anything. */
  readonly localTier: boolean;
}

/** What is known of one owner; thrown away as one. */
interface Known<P, V> {
  readonly untilMs: number;
  /** How many parts were asked for, whether they have come or not: the place that is taken. */
  asked: number;
  readonly parts: Map<P, V | undefined>;
}

const DEFAULT_BYTES_MAX = 16 << 20;
/** How long things are kept where every change is made in this process, and nobody else has to be told. */
const ALONE_MS = 60_000;
/** More than a few pages of one owner are not kept. */
const PARTS_MAX = 512;
/** A map with its entry in the region, and a place in it with an id as its key. */
const KNOWN_BYTES = ENTRY_BYTES + 200;
const PART_BYTES = 72;

/**
 * Things that their owner alone changes, and must see changed at their very next read, whichever process it meets: what a
 * user likes. Kept in the process that has read them, for a second; in no shared tier, since nobody else asks for them.
 *
 * What is kept is right, not nearly: a change waits for a word of every process that may keep something (a round trip over
 * the bus), and where one does not come, until whatever it has kept is too old to be served (leases: Gray and Cheriton,
 * SOSP 1989). A process that the others might not know of keeps nothing: see Standing.
 */
export class OwnRegion<O extends CacheKey, P extends bigint | string, V> {
  readonly counters = new RegionCounters();
  readonly #known: LRUCache<O, Known<P, V>>;
  readonly #retirements: Retirements;

  constructor(
    private readonly options: OwnRegionOptions<O, P, V>,
    private readonly context: OwnRegionContext,
  ) {
    this.#known = new LRUCache({ maxSize: options.bytesMax ?? DEFAULT_BYTES_MAX });
    this.#retirements = new Retirements(options.name, context);
  }

  /** In the order of the parts. Not a promise when all are known here; else one load for the others. */
  getMany(owner: O, parts: readonly P[]): Soon<(V | undefined)[]> {
    const known = this.#find(owner);
    const missing = known === undefined ? parts : parts.filter((part) => !known.parts.has(part));
    this.counters.localHits += parts.length - missing.length;
    if (missing.length > 0) return this.#load(owner, parts, missing, known);
    return parts.map((part) => known?.parts.get(part));
  }

  /**
   * Makes every process forget what it knows of these owners. To be called when loads see the change, be it as one that is
   * under way; nobody may be told that it is made before this has resolved. Never rejects; takes a second at most, and no
   * promise where there is no other process.
   */
  retire(owners: readonly O[]): Soon<void> {
    this.counters.invalidated += owners.length;
    for (const owner of owners) this.#known.delete(owner);
    return this.context.shared ? this.#retirements.tell(owners.map(this.options.owners.write)) : undefined;
  }

  /** Another process retires them. */
  heard(texts: readonly string[]): void {
    this.counters.voided += texts.length;
    for (const text of texts) this.#known.delete(this.options.owners.read(text));
  }

  get bytes(): number {
    return this.#known.calculatedSize;
  }

  get owners(): number {
    return this.#known.size;
  }

  /** Serves nothing any more that is kept here: the others are about to forget this process. */
  stop(): void {
    this.#known.clear();
  }

  #find(owner: O): Known<P, V> | undefined {
    const known = this.#known.get(owner);
    return known !== undefined && this.context.clock.elapsed() < known.untilMs ? known : undefined;
  }

  async #load(owner: O, parts: readonly P[], missing: readonly P[], known: Known<P, V> | undefined) {
    const { counters } = this;
    counters.localMisses += missing.length;
    counters.loads++;
    counters.keysLoaded += missing.length;
    const before = missing === parts ? undefined : new Map(known?.parts); // may be retired, but is good for this question
    const kept = this.#open(owner, known, missing.length);
    const answers = await this.options.load(owner, missing);
    missing.forEach((part, i) => {
      const answer = answers[i];
      before?.set(part, answer?.value);
      if (answer?.firm) kept?.parts.set(part, answer.value); // in vain where it was retired meanwhile
    });
    return before ? parts.map((part) => before.get(part)) : answers.map(({ value }) => value);
  }

  /**
   * Where to keep what is about to be asked for: it stands in the region from before the question, so that whoever retires the
   * owner meanwhile takes it away.
   */
  #open(owner: O, known: Known<P, V> | undefined, more: number): Known<P, V> | undefined {
    if (!this.context.localTier || more > PARTS_MAX || !this.#retirements.wouldReachUs) return undefined;
    const mayGrow = known !== undefined && known.asked + more <= PARTS_MAX;
    const kept = mayGrow ? known : this.#newKnown();
    kept.asked += more;
    this.#known.set(owner, kept, { size: KNOWN_BYTES + (PART_BYTES + this.options.valueBytes) * kept.asked });
    return kept;
  }

  #newKnown(): Known<P, V> {
    const forMs = this.context.shared ? Retirements.keptMs : ALONE_MS;
    return { untilMs: this.context.clock.elapsed() + forMs, asked: 0, parts: new Map() };
  }
}

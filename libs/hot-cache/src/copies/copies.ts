import type { Chance, Clock } from '#kernel';
import type { CacheKey } from '../key-codec.ts';
import type { QuietTier } from '../shared/quiet-tier.ts';
import type { SharedRecord } from '../shared/shared-tier.ts';
import { PowerOfTwo } from './power-of-two.ts';

/** Epochs known at once; hot keys are far fewer. */
const EPOCHS_MAX = 1_024;

/**
 * Copies of hot records, one on each of several nodes, so that no node carries all the reads of a key. A copy's name holds
 * the epoch (the version of the key's last invalidation): after an invalidation nobody asks for the old ones any more, so
 * there is nothing to delete and no copy half written to be met. Who finds no copy where it looked reads the record itself
 * and puts one there.
 *
 * Only where the bus is trusted: it tells of new epochs. When trust is lost, epochs are forgotten and learned again from the
 * record itself.
 */
export class Copies<K extends CacheKey> {
  readonly #epochs = new Map<K, number>();
  readonly #ways: PowerOfTwo;

  constructor(
    private readonly tier: QuietTier,
    /** How many copies the key should have; fewer than 2: none. */
    private readonly wanted: (key: K) => number,
    private readonly clock: Clock,
    chance: Chance,
  ) {
    this.#ways = new PowerOfTwo(clock, chance);
  }

  /** The node to ask for the key's copy, by its tag; undefined where the record itself is to be read. */
  tagFor(key: K, name: string): string | undefined {
    return this.#epochs.has(key) ? this.#pick(key, name) : undefined;
  }

  nameOf(key: K, name: string, tag: string): string {
    return `{${tag}}${name}@${this.#epochs.get(key) ?? 0}`;
  }

  /** The record under this name on this node, if it is there and the tier answers. */
  async read(name: string, tag: string, graceMs: number): Promise<SharedRecord | undefined> {
    const startMs = this.clock.elapsed();
    this.#ways.begin(tag);
    const records = await this.tier.ask((tier) => tier.read([name], graceMs));
    this.#ways.end(tag, this.clock.elapsed() - startMs);
    return records?.[0];
  }

  /** The record itself was read: its epoch is known now, and where a copy is wanted, one is put somewhere. */
  learn(key: K, name: string, record: SharedRecord, graceMs: number): boolean {
    if (this.wanted(key) < 2 || record.epoch < (this.#epochs.get(key) ?? 0)) return false;
    this.#setEpoch(key, record.epoch);
    const tag = this.#pick(key, name);
    if (tag === undefined || record.freshMs <= 0) return false;
    void this.tier.ask((tier) => tier.copy(this.nameOf(key, name, tag), record, record.freshMs + graceMs));
    return true;
  }

  /** The key was invalidated: copies from now on have another name. */
  turn(key: K, version: number): void {
    if (this.#epochs.has(key)) this.#setEpoch(key, version);
  }

  forgetAll(): void {
    this.#epochs.clear();
  }

  /** Keys with fewer copies than there are nodes start at different ones. */
  #pick(key: K, name: string): string | undefined {
    const tags = this.tier.tags();
    const copies = this.wanted(key);
    if (copies < 2) return undefined;
    if (copies === tags.length) return this.#ways.pick(tags);
    const first = spread(name) % tags.length;
    return this.#ways.pick([...tags, ...tags].slice(first, first + copies));
  }

  #setEpoch(key: K, epoch: number): void {
    if (this.#epochs.size >= EPOCHS_MAX) this.#epochs.clear();
    this.#epochs.set(key, epoch);
  }
}

/** FNV-1a. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

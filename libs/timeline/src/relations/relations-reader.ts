import { LRUCache } from 'lru-cache';
import type { UserId } from '#ids';
import type { Clock } from '#kernel';
import { RELATIONS_TTL_MS } from '#inbox';
import type { BlockStore, MuteStore } from '#storage';
import type { FollowList } from './follow-list.ts';
import type { Relations } from './relations.ts';

export type FollowLoader = (viewer: UserId) => Promise<FollowList>;

interface Cached {
  readonly version: bigint;
  readonly loadedAtMs: number;
  readonly relations: Promise<Relations>;
  /** As they were loaded last. */
  readonly loaded: Relations | undefined;
}

const BYTES_MAX = 64 << 20;
/** A viewer's share besides their follows: sets, promise, map entry. */
const OVERHEAD_BYTES = 1000;

/**
 * Viewers' relations, cached under the version that stands in their inbox' header. Whoever changes a relation writes it
 * first and then gives the header a new version, so a reader that has seen the old version read before the change was
 * acknowledged. `ttlMs` bounds what a version that could not be written may cost.
 */
export class RelationsReader {
  readonly #cache = new LRUCache<UserId, Cached>({ maxSize: BYTES_MAX, sizeCalculation: () => OVERHEAD_BYTES });

  constructor(
    private readonly loadFollows: FollowLoader,
    private readonly mutes: MuteStore,
    private readonly blocks: BlockStore,
    private readonly clock: Clock,
    private readonly ttlMs = RELATIONS_TTL_MS,
  ) {}

  /** @param version as just read from the header. */
  get(viewer: UserId, version: bigint): Promise<Relations> {
    const cached = this.#cache.get(viewer);
    const nowMs = this.clock.elapsed();
    if (cached?.version === version && nowMs - cached.loadedAtMs < this.ttlMs) return cached.relations;
    const relations = this.#reload(viewer, cached?.loaded);
    this.#cache.set(viewer, { version, loadedAtMs: nowMs, relations, loaded: cached?.loaded });
    relations.then(
      (loaded) => this.#weigh(viewer, relations, loaded),
      () => this.#forget(viewer, relations),
    );
    return relations;
  }

  /** Straight from the store. */
  async load(viewer: UserId): Promise<Relations> {
    const loadedAtMs = this.clock.now();
    const [follows, muted, hasBlocks] = await Promise.all([
      this.loadFollows(viewer),
      this.mutes.loadAll(viewer),
      this.blocks.hasAny(viewer),
    ]);
    return { viewer, follows, muted: new Set(muted), hasBlocks, loadedAtMs };
  }

  /** What is equal stays the same object: what was found out about it, or made of it, is still good. */
  async #reload(viewer: UserId, known: Relations | undefined): Promise<Relations> {
    const relations = await this.load(viewer);
    if (!known) return relations;
    const follows = known.follows.fingerprint === relations.follows.fingerprint ? known.follows : relations.follows;
    return { ...relations, follows, muted: isSame(known.muted, relations.muted) ? known.muted : relations.muted };
  }

  forget(viewer: UserId): void {
    this.#cache.delete(viewer);
  }

  #weigh(viewer: UserId, relations: Promise<Relations>, loaded: Relations): void {
    const cached = this.#cache.peek(viewer);
    if (cached?.relations !== relations) return;
    this.#cache.set(viewer, { ...cached, loaded }, { size: OVERHEAD_BYTES + loaded.follows.bytes });
  }

  #forget(viewer: UserId, relations: Promise<Relations>): void {
    if (this.#cache.peek(viewer)?.relations === relations) this.#cache.delete(viewer);
  }
}

function isSame<Item>(a: ReadonlySet<Item>, b: ReadonlySet<Item>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

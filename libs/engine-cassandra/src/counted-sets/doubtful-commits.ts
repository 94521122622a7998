import type { Shard } from '#storage';

const SHARDS_MAX = 10_000;

/** Shards to which commits were sent whose outcome is not known, and the version over which they were made. */
export class DoubtfulCommits {
  /** Oldest first. */
  readonly #versions = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  add(shard: Shard, version: number): void {
    const name = nameOf(shard);
    this.#versions.delete(name);
    this.#versions.set(name, version);
    if (this.#versions.size <= SHARDS_MAX) return;
    for (const oldest of this.#versions.keys()) return void this.#versions.delete(oldest);
  }

  /** Whether one may still take effect on the shard as it is now: over any other version it never will. */
  concern(shard: Shard, version: number): boolean {
    if (this.isEmpty) return false;
    const name = nameOf(shard);
    const doubtful = this.#versions.get(name);
    if (doubtful === undefined) return false;
    if (doubtful === version) return true;
    this.#versions.delete(name);
    return false;
  }
}

function nameOf({ kind, id, generation, shard }: Shard): string {
  return `${kind} ${id} ${generation} ${shard}`;
}

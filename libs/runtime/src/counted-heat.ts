import type { CountedSets } from '#counters';
import type { HotCache } from '#hot-cache';
import { parseId } from '#ids';
import { type Clock, Repetition } from '#kernel';
import type { Logger } from '#observability';
import type { CountedKind } from '#storage';

/** As often as the cache decides what is hot. */
const EVERY_MS = 1_000;

/** Reads a second: of a hundred readers, a few write. More shards cost small groups more than they spare them. */
const CROWD_PER_SECOND = 500;

/** What is written when everybody reads: by the name of the cache's region. */
const KINDS: Readonly<Record<string, readonly CountedKind[]>> = {
  counts: ['likes', 'replies', 'reposts'],
  profile: ['followers'],
};

/** Tells counted sets what everybody is reading, in all processes: those of them that are written grow ahead of the crowd. */
export class CountedHeat {
  readonly #turns: Repetition;

  constructor(
    private readonly cache: Pick<HotCache, 'hotKeys'>,
    private readonly sets: Pick<CountedSets, 'heat'>,
    clock: Clock,
    logger: Logger,
  ) {
    const onError = (err: unknown): void => logger.warn({ err }, 'counts did not hear what is hot');
    this.#turns = new Repetition(clock, EVERY_MS, () => this.tell(), onError);
  }

  start(): void {
    this.#turns.start();
  }

  stop(): Promise<void> {
    return this.#turns.stop();
  }

  tell(): void {
    for (const { region, key, readsPerSecond } of this.cache.hotKeys) {
      if (readsPerSecond < CROWD_PER_SECOND) continue;
      const id = parseId(key);
      if (id !== undefined) for (const kind of KINDS[region] ?? []) this.sets.heat(kind, id);
    }
  }
}

import type { PostId } from '#ids';
import type { Entry } from '#inbox';
import type { Source } from './source.ts';

export interface MergedEntries {
  /** Newest first, each post once. */
  readonly entries: Entry[];
  /** Set when a wall that does not move was met: everything above it has been given, nothing below it can be. */
  readonly wall: bigint | undefined;
  /** All sources are at their end. */
  readonly ended: boolean;
}

/**
 * Merges sources by id, newest first, each post once (a k-way merge with a binary heap). A source that is cut off stands
 * in the heap with its floor: when that comes to the top, everything above it has been given, and the source reads on or
 * the merge stops there. So nothing is ever given from below the floor of a source that is cut off.
 */
export class SourceMerge {
  readonly #heap: Source[] = [];
  #last = -1n;
  #hasReadOn = false;

  /** @param cut a position of entries that were left out: the merge stops above it. */
  constructor(
    sources: readonly Source[],
    private readonly cut?: bigint,
  ) {
    for (const source of sources) if (source.head >= 0n) this.#heap.push(source);
    this.#heapify();
  }

  get ended(): boolean {
    return this.#heap.length === 0 && this.cut === undefined;
  }

  /** Whether what the sources had at first was not enough. */
  get hasReadOn(): boolean {
    return this.#hasReadOn;
  }

  async take(count: number): Promise<MergedEntries> {
    const entries: Entry[] = [];
    while (entries.length < count) {
      const top = this.#heap[0];
      if (this.cut !== undefined && (!top || top.head <= this.cut)) return { entries, wall: this.cut, ended: false };
      if (!top) return { entries, wall: undefined, ended: true };
      if (!top.wall) {
        if (top.head !== this.#last) entries.push({ postId: top.head as PostId, authorId: top.author });
        this.#last = top.head;
        top.advance();
        this.#sink(0);
      } else if (top.extensible) {
        await this.#readOn();
      } else {
        return { entries, wall: top.head, ended: false };
      }
    }
    return { entries, wall: undefined, ended: this.ended };
  }

  /** Reads on in all sources that stand at walls, together: others are likely to be next. */
  async #readOn(): Promise<void> {
    this.#hasReadOn = true;
    await Promise.all(this.#heap.filter((source) => source.wall && source.extensible).map((source) => source.readOn()));
    this.#heapify();
  }

  #heapify(): void {
    for (let i = this.#heap.length - 1; i >= 0; i--) if ((this.#heap[i]?.head ?? -1n) < 0n) this.#drop(i);
    for (let i = (this.#heap.length >>> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  #drop(i: number): void {
    const last = this.#heap.pop();
    if (last && i < this.#heap.length) this.#heap[i] = last;
  }

  /** Restores the order below a place whose source has moved on; drops it when it has ended. */
  #sink(start: number): void {
    const heap = this.#heap;
    if ((heap[start]?.head ?? 0n) < 0n) this.#drop(start);
    const source = heap[start];
    if (!source) return;
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let largest = left;
      const leftSource = heap[left];
      if (!leftSource) break;
      const rightSource = heap[right];
      if (rightSource && precedes(rightSource, leftSource)) largest = right;
      const child = heap[largest];
      if (!child || !precedes(child, source)) break;
      heap[at] = child;
      at = largest;
    }
    heap[at] = source;
  }
}

/** Higher ids first; at one id an entry before a wall, so that a post at another's floor is not held back. */
function precedes(a: Source, b: Source): boolean {
  return a.head > b.head || (a.head === b.head && !a.wall && b.wall);
}

import type { NumbersFor } from '#presentation';

/** Larger ones are made anew each time. */
const BYTES_MAX = 16 << 10;

/** A page as it was sent last: good for the same numbers. */
export class SentPage {
  #numbers: readonly NumbersFor[] = [];
  #bytes: Buffer | undefined;

  find(numbers: readonly NumbersFor[]): Buffer | undefined {
    return this.#bytes && areSame(numbers, this.#numbers) ? this.#bytes : undefined;
  }

  keep(numbers: readonly NumbersFor[], bytes: Buffer): void {
    if (bytes.length > BYTES_MAX) return;
    this.#numbers = numbers;
    this.#bytes = Buffer.from(bytes); // pages are cut from slabs, which it would keep alive
  }
}

function areSame(a: readonly NumbersFor[], b: readonly NumbersFor[]): boolean {
  return a.length === b.length && a.every((one, i) => isSame(one, b[i]));
}

function isSame(a: NumbersFor, b: NumbersFor | undefined): boolean {
  return (
    a.liked === b?.liked &&
    a.numbers.viewCount === b.numbers.viewCount &&
    a.numbers.likeCount === b.numbers.likeCount &&
    a.numbers.replyCount === b.numbers.replyCount &&
    a.numbers.repostCount === b.numbers.repostCount
  );
}

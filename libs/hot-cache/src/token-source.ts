import type { Chance } from '#kernel';

const HEX_DIGITS = 16;

/** Tokens of 16 hexadecimal digits: the first eight drawn for the process, the others counted. */
export function tokenSource(chance: Chance): () => string {
  const origin = Math.floor(chance() * 2 ** 32)
    .toString(HEX_DIGITS)
    .padStart(8, '0');
  let count = 0;
  return () => {
    count = (count + 1) % 2 ** 32;
    return origin + count.toString(HEX_DIGITS).padStart(8, '0');
  };
}

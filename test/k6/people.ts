import { SharedArray } from 'k6/data';
import { tokensFile } from './settings.ts';

export interface Person {
  readonly handle: string;
  readonly id: string;
  readonly token: string;
}

const everybody = (): Person[] => JSON.parse(open(tokensFile)) as Person[];
const isCelebrity = ({ handle }: Person): boolean => handle.startsWith('celebrity_');

/** The seed's celebrities; kept once for all virtual users. */
export const celebrities = new SharedArray<Person>('celebrities', () => everybody().filter(isCelebrity));

/** Its other users. */
export const ordinary = new SharedArray<Person>('ordinary', () => everybody().filter((one) => !isCelebrity(one)));

/**
 * Where users stand among the ordinary ones; those without a token are left out. A set-up hands on positions, since what
 * it hands on ends up in the summary, where no token should be.
 */
export function positionsOf(users: readonly { readonly id: string }[]): number[] {
  const positions = new Map(ordinary.map(({ id }, i) => [id, i]));
  return users.flatMap(({ id }) => positions.get(id) ?? []);
}

/** Goes round: the same number gives the same item. */
export function pick<T>(items: readonly T[], number: number): T {
  const item = items[number % items.length];
  if (item === undefined) throw new Error(`nobody to pick in ${tokensFile}`);
  return item;
}

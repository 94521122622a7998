import { SharedArray } from 'k6/data';
import { tokensFile } from './settings.ts';

export interface Person {
  readonly handle: string;
  readonly id: string;
  readonly token: string;
}

/** Everybody of the tokens file, once for all virtual users. */
export const people = new SharedArray<Person>('people', () => JSON.parse(open(tokensFile)) as Person[]);

/** The seed's celebrities. Throws when there are fewer than asked for. */
export function celebrities(count: number): Person[] {
  const found = people.filter(({ handle }) => handle.startsWith('celebrity_')).slice(0, count);
  if (found.length === count) return found;
  throw new Error(
    `${tokensFile} holds ${found.length} celebrities of ${count}: npm run seed -- --celebrities ${count}`,
  );
}

/** The seed's other users. */
export function ordinary(): Person[] {
  const found = people.filter(({ handle }) => !handle.startsWith('celebrity_'));
  if (found.length === 0) throw new Error(`${tokensFile} holds no ordinary users`);
  return found;
}

/** Goes round: the same number gives the same item. */
export function pick<T>(items: readonly T[], number: number): T {
  const item = items[number % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

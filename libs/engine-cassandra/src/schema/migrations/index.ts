import { counts } from './01-counts.ts';
import { people } from './01-people.ts';
import { posts } from './01-posts.ts';

/**
 * One step of the schema's history. Its statements do not depend on each other, each may be executed again, and all of
 * them are when the process that does it dies on the way. `$.` stands for the keyspace. A step that has been released never
 * changes; a new one is added at the end.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}

export const migrations: readonly Migration[] = [
  { version: 1, name: 'the first tables', statements: [...people, ...posts, ...counts] },
];

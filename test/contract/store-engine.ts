import { idAt } from '#ids';
import type { Clock } from '#kernel';
import type { Stores } from '#storage';

/** What a contract suite needs of an engine: fresh stores, and a moving source of ids that never collide. */
export interface StoreEngine {
  readonly name: string;
  open(clock: Clock): Promise<Stores>;
  /** Once, after all suites. */
  shutDown(): Promise<void>;
}

let last = idAt(Date.now());

/** A new id, greater than all before; unique also between runs against an engine that keeps its data. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- says which kind of id is meant
export function newId<Id extends bigint>(): Id {
  return ++last as Id;
}

import fc from 'fast-check';

export const USERS = 6;

/** What a run does, step by step. `pick` chooses among whatever there is at that moment. */
export type Operation =
  | { readonly kind: 'post'; readonly user: number }
  | { readonly kind: 'reply' | 'repost' | 'delete'; readonly user: number; readonly pick: number }
  | {
      readonly kind: 'relate';
      readonly user: number;
      readonly other: number;
      readonly relation: Relation;
      readonly on: boolean;
    }
  | { readonly kind: 'burst'; readonly user: number; readonly posts: number }
  | { readonly kind: 'check'; readonly user: number; readonly limit: number }
  | { readonly kind: 'fault'; readonly fault: Fault };

export type Relation = 'follow' | 'mute' | 'block';
export type Fault = 'flush' | 'kill' | 'restart-redis';

const user = fc.integer({ min: 0, max: USERS - 1 });
const pick = fc.nat(1000);

const relate = (relation: Relation, on: boolean) =>
  fc.record({
    kind: fc.constant('relate' as const),
    user,
    other: user,
    relation: fc.constant(relation),
    on: fc.constant(on),
  });

const about = (kind: 'reply' | 'repost' | 'delete') => fc.record({ kind: fc.constant(kind), user, pick });

/** Steps of a run; `faults` lists the faults that may come in between. */
export function operations(faults: readonly Fault[]): fc.Arbitrary<Operation[]> {
  const step: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('post' as const), user }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('burst' as const), user, posts: fc.integer({ min: 2, max: 9 }) }),
    },
    { weight: 2, arbitrary: about('reply') },
    { weight: 4, arbitrary: about('repost') },
    { weight: 3, arbitrary: about('delete') },
    { weight: 9, arbitrary: relate('follow', true) },
    { weight: 4, arbitrary: relate('follow', false) },
    { weight: 2, arbitrary: relate('mute', true) },
    { weight: 2, arbitrary: relate('mute', false) },
    { weight: 1, arbitrary: relate('block', true) },
    { weight: 2, arbitrary: relate('block', false) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('check' as const), user, limit: fc.constantFrom(1, 3, 7, 100) }),
    },
    ...(faults.length > 0
      ? [
          {
            weight: 1,
            arbitrary: fc.record({ kind: fc.constant('fault' as const), fault: fc.constantFrom(...faults) }),
          },
        ]
      : []),
  );
  return fc.array(step, { minLength: 20, maxLength: 70 });
}

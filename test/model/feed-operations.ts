import fc from 'fast-check';

export const USERS = 6;

/** What a run does, step by step. `pick` chooses among whatever there is at that moment. */
export type Operation =
  | { readonly kind: 'post'; readonly user: number }
  | { readonly kind: 'reply' | 'repost' | 'delete'; readonly user: number; readonly pick: number }
  | { readonly kind: 'like'; readonly user: number; readonly pick: number; readonly on: boolean }
  | {
      readonly kind: 'relate';
      readonly user: number;
      readonly other: number;
      readonly relation: Relation;
      readonly on: boolean;
    }
  | { readonly kind: 'burst'; readonly user: number; readonly posts: number }
  | { readonly kind: 'check'; readonly user: number; readonly limit: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'outage'; readonly outage: Outage; readonly during: readonly Operation[] };

export type Relation = 'follow' | 'mute' | 'block';
export type Fault = 'flush' | 'kill' | 'restart-redis';
/** Redis is dead, and comes back empty; or it stands still, and comes back as it was. */
export type Outage = 'gone' | 'frozen';

export interface Troubles {
  readonly faults: readonly Fault[];
  readonly outages: readonly Outage[];
}

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

const like = fc.record({ kind: fc.constant('like' as const), user, pick, on: fc.boolean() });

const step: fc.WeightedArbitrary<Operation>[] = [
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('post' as const), user }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('burst' as const), user, posts: fc.integer({ min: 2, max: 9 }) }),
  },
  { weight: 2, arbitrary: about('reply') },
  { weight: 4, arbitrary: about('repost') },
  { weight: 3, arbitrary: about('delete') },
  { weight: 2, arbitrary: like },
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
];

const trouble = <T>(kinds: readonly T[], arbitrary: (kind: fc.Arbitrary<T>) => fc.Arbitrary<Operation>) =>
  kinds.length > 0 ? [{ weight: 1, arbitrary: arbitrary(fc.constantFrom(...kinds)) }] : [];

/** Steps of a run, and the troubles that may come in between. */
export function operations({ faults, outages }: Troubles): fc.Arbitrary<Operation[]> {
  const during = fc.array(fc.oneof(...step), { minLength: 1, maxLength: 4 });
  const steps = fc.oneof(
    ...step,
    ...trouble(faults, (fault) => fc.record({ kind: fc.constant('fault' as const), fault })),
    ...trouble(outages, (outage) => fc.record({ kind: fc.constant('outage' as const), outage, during })),
  );
  return fc.array(steps, { minLength: 20, maxLength: 70 });
}

import { type Disturbance, play, type Story, type Wish } from './exactness.ts';
import type { SimulatedStore } from './simulated-store.ts';
import type { ShardRead } from '#storage';
import { noTrouble } from './simulation.ts';
import fc from 'fast-check';

const process = fc.nat(2);
const wish: fc.Arbitrary<Wish> = fc.record({ wants: fc.boolean(), process });
const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  kind: fc.constantFrom('grow', 'grow', 'kill'),
  process,
  afterSteps: fc.nat(60),
});
const trouble = fc.constantFrom(
  noTrouble,
  { refused: 0.05, doneWithoutAnswer: 0.05, inDoubt: 0.05, pause: 0.02 },
  { refused: 0.1, doneWithoutAnswer: 0.2, inDoubt: 0.2, pause: 0 },
);
const story: fc.Arbitrary<Story> = fc.record({
  seed: fc.integer(),
  users: fc.array(fc.array(wish, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 }),
  disturbances: fc.array(disturbance, { maxLength: 4 }),
  trouble,
});

describe('exactness', () => {
  it('holds whatever is repeated, lost, killed, stale or growing', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (s) => expect(await play(s)).toEqual([])),
      { numRuns: 2000 },
    );
  }, 60_000);

  it('would not hold without the rule of the seals', async () => {
    const grown = story.filter(({ disturbances }) => disturbances.some(({ kind }) => kind === 'grow'));
    const result = await fc.check(
      fc.asyncProperty(grown, async (s) => (await play(s, withoutSeals)).length === 0),
      { numRuns: 600, seed: 1, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });
});

/** A store in which all older shards look sealed: members enter a new generation whenever they like. */
function withoutSeals(store: SimulatedStore): SimulatedStore {
  const read = store.read.bind(store);
  store.read = async (reads: readonly ShardRead[]) => {
    const states = await read(reads);
    return states.map((state, i) => (i < states.length - 1 ? { ...state, sealed: true } : state));
  };
  return store;
}

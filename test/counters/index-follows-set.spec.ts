import { SimulatedIndexRows } from './simulated-index.ts';
import { kindFates, SimulatedCluster } from './simulated-store.ts';
import { noTrouble, Simulation, type Trouble } from './simulation.ts';
import { memberIndexStoreContract } from '../contract/member-index-store.ts';
import { CountedSets, MemberIndex, Memberships, partitionOf } from '#counters';
import { ManualClock, seededChance } from '#test';
import fc from 'fast-check';

interface Act {
  readonly who: bigint;
  readonly whom: bigint;
  readonly does: 'join' | 'leave' | 'read';
  readonly process: number;
}

const process = fc.nat(1);
const user = fc.bigInt(1n, 2n);
const act: fc.Arbitrary<Act> = fc.record({
  who: user,
  whom: user,
  does: fc.constantFrom('join', 'leave', 'read'),
  process,
});
const trouble = fc.constantFrom<Trouble>(
  noTrouble,
  { refused: 0.05, doneWithoutAnswer: 0.05, inDoubt: 0.05, pause: 0.02 },
  { refused: 0.1, doneWithoutAnswer: 0.2, inDoubt: 0.1, pause: 0 },
);

describe('the simulated index', () => {
  const store = new SimulatedIndexRows().connect(kindFates);
  memberIndexStoreContract(() => store);
});

describe('the index', () => {
  it('says what the set says, whatever crosses, is lost or is killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer(),
          threads: fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
          kills: fc.array(fc.record({ process, afterSteps: fc.nat(40) }), { maxLength: 2 }),
          grows: fc.array(fc.nat(40), { maxLength: 2 }),
          trouble,
          inOnePiece: fc.boolean(),
        }),
        async ({ seed, threads, kills, grows, trouble, inOnePiece }) => {
          const chance = seededChance(seed);
          const clock = new ManualClock();
          const simulation = new Simulation(clock, chance, trouble);
          const rows = new SimulatedIndexRows();
          const cluster = new SimulatedCluster(rows);
          const start = (fates: Simulation | typeof kindFates = simulation) => {
            const [store, index] = [cluster.connect(fates), rows.connect(fates)];
            const sets = new CountedSets({ store, clock, chance });
            const memberships = new Memberships({ sets, index, clock, chance, inOnePiece });
            const reader = new MemberIndex({ sets, store: index, clock });
            let kill = (): void => undefined;
            const killed = new Promise<void>((resolve) => (kill = resolve));
            const end = (): void => {
              store.kill();
              index.kill();
              kill();
            };
            return { sets, memberships, reader, killed, end };
          };
          const processes = [start(), start()];
          const live = async (acts: readonly Act[]) => {
            for (const { who, whom, does, process } of acts) {
              const { memberships, reader, killed } = processes[process]!;
              const change =
                does === 'read' ? reader.find('following', who, whom) : memberships[does]('following', who, whom);
              await Promise.race([change.catch(() => undefined), killed]);
            }
          };
          const kill = async ({ process, afterSteps }: (typeof kills)[number]) => {
            for (let i = 0; i < afterSteps; i++) await simulation.step();
            processes[process]!.end();
            processes[process] = start();
          };
          const grow = async (afterSteps: number) => {
            for (let i = 0; i < afterSteps; i++) await simulation.step();
            const { sets, killed } = processes[0]!;
            await Promise.race([sets.grow('followers', 1n).catch(() => undefined), killed]);
          };
          await simulation.run(Promise.all([...threads.map(live), ...kills.map(kill), ...grows.map(grow)]));

          await clock.advance(3_600_000); // whoever is alive has ended: what is marked now was abandoned
          const after = start(kindFates);
          for (const pass of ['confirming', 'confirmed'])
            for (const who of [1n, 2n]) {
              const partition = partitionOf('following', who, 0n);
              const truth = await Promise.all([1n, 2n].map((whom) => after.sets.has('followers', whom, who)));
              const said = await after.reader.findMany('following', who, [1n, 2n]);
              expect([pass, ...said.map((state) => state !== undefined)]).toEqual([pass, ...truth]);
              if (pass === 'confirmed') expect(rows.rows(partition).flatMap(({ pending }) => pending)).toEqual([]);
            }
        },
      ),
      { numRuns: 1000 },
    );
  }, 60_000);
});

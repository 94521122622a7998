import { SimulatedCluster, type SimulatedStore } from './simulated-store.ts';
import { noTrouble, Simulation, type Trouble } from './simulation.ts';
import { CountedSets } from '#counters';
import { ManualClock, seededChance } from '#test';
import type { CountedSetStore, CountedSubject } from '#storage';

/** What one user does, one thing after the other, each through some process. */
export interface Wish {
  readonly wants: boolean;
  readonly process: number;
}

export interface Disturbance {
  readonly kind: 'grow' | 'kill';
  readonly process: number;
  readonly afterSteps: number;
}

export interface Story {
  readonly seed: number;
  readonly users: readonly (readonly Wish[])[];
  readonly disturbances: readonly Disturbance[];
  readonly trouble: Trouble;
}

const PROCESSES = 3;
const subject: CountedSubject = { kind: 'likes', id: 77n };

/**
 * Plays a story and says what is wrong at its end: the totals must equal the members, no member may be in two shards,
 * and every user must be where the answers that they got put them. What was refused may still happen until a change of
 * the same user is acknowledged.
 */
export async function play(
  story: Story,
  connect = (store: SimulatedStore): CountedSetStore => store,
): Promise<string[]> {
  const chance = seededChance(story.seed);
  const clock = new ManualClock();
  const simulation = new Simulation(clock, chance, story.trouble);
  const cluster = new SimulatedCluster();
  const start = () => {
    const store = cluster.connect(simulation);
    return { store, sets: new CountedSets({ store: connect(store), clock, chance }) };
  };
  const processes = Array.from({ length: PROCESSES }, start);
  const users = story.users.map((_, i) => new UserRecord(i + 1));

  const live = async (wishes: readonly Wish[], i: number) => {
    const user = users[i]!;
    for (const { wants, process } of wishes) {
      const { sets } = processes[process]!;
      const { kind, id } = subject;
      const change = wants ? sets.add(kind, id, user.member, 9n) : sets.remove(kind, id, user.member);
      await change.then(
        ({ changed }) => user.answered(wants, changed),
        () => user.refused(wants),
      );
    }
  };
  const disturb = async ({ kind, process, afterSteps }: Disturbance) => {
    for (let i = 0; i < afterSteps; i++) await simulation.step();
    if (kind === 'grow') return processes[process]!.sets.grow('likes', subject.id).catch(() => undefined);
    processes[process]!.store.kill();
    processes[process] = start();
  };
  await simulation.run(Promise.all([...story.users.map(live), ...story.disturbances.map(disturb)]));
  return [...faults(cluster, users), ...(isCalm(story) ? users.flatMap((user) => user.lies) : [])];
}

/** Every write was answered: then every answer must also be right about whether it changed anything. */
function isCalm({ trouble, disturbances }: Story): boolean {
  return trouble === noTrouble && disturbances.every(({ kind }) => kind !== 'kill');
}

/** What one user was told, and where that allows them to be. */
class UserRecord {
  readonly member: bigint;
  readonly lies: string[] = [];
  #possible = new Set([false]);
  readonly #unanswered = new Set<boolean>();

  constructor(readonly name: number) {
    this.member = BigInt(name);
  }

  answered(wants: boolean, changed: boolean): void {
    if (!this.#possible.has(changed ? !wants : wants)) this.lies.push(`${this.name} was told wrongly: ${changed}`);
    // A change moves the version, and with it goes whatever was under way over the old one.
    if (changed) this.#unanswered.clear();
    this.#possible = new Set([wants, ...this.#unanswered]);
  }

  refused(wants: boolean): void {
    this.#unanswered.add(wants);
    this.#possible.add(wants);
  }

  allows(present: boolean): boolean {
    return this.#possible.has(present);
  }
}

function faults(cluster: SimulatedCluster, users: readonly UserRecord[]): string[] {
  const found: string[] = [];
  const seen = new Map<bigint, string>();
  for (const { shard, head, members } of cluster.contents(subject)) {
    const name = `${shard.generation}.${shard.shard}`;
    if (head.total !== members.length) found.push(`${name} says ${head.total} and has ${members.length}`);
    for (const member of members) {
      if (seen.has(member)) found.push(`${member} is in ${seen.get(member)} and ${name}`);
      seen.set(member, name);
    }
  }
  for (const user of users)
    if (!user.allows(seen.has(user.member))) found.push(`${user.name} is not where the answers put them`);
  return found;
}

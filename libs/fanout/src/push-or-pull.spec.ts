import fc from 'fast-check';
import type { UserId } from '#ids';
import type { AuthorModeRecord, AuthorModeStore } from '#storage';
import { ManualClock } from '#test';
import { AuthorModes } from './author-modes.ts';
import { AuthorRoster, type RosterTiming } from './author-roster.ts';
import { CLOCK_MARGIN_MS, isFilledIn, isPulled } from './pull-set.ts';

const AUTHOR = 1n as UserId;
const ROSTER: RosterTiming = { refreshMs: 1_000, validMs: 5_000 };
const THRESHOLDS = { promoteFollowers: 10, demoteFollowers: 5, settleMs: 2 * ROSTER.validMs, inboxIdleMs: 60_000 };
const PROCESSES = 3;
const INBOXES = 3;
const WRITE_PARTS = 3;

/** One store for all processes; one that is cut off gets no answers. */
class SharedModes {
  readonly records = new Map<UserId, AuthorModeRecord>();
  changes = 0;

  seenBy(process: SimulatedProcess): AuthorModeStore {
    const answer = async <T>(value: () => T): Promise<T> => {
      if (process.isCutOff) throw new Error('cut off');
      return value();
    };
    const seen: Pick<AuthorModeStore, keyof AuthorModeStore> = {
      find: (author) => answer(() => this.records.get(author)),
      loadAll: () => answer(() => [...this.records.values()]),
      stamp: () => answer(() => String(this.changes)),
      replace: (author, version, next) => answer(() => this.#replace(author, version, next)),
    };
    return seen;
  }

  #replace(author: UserId, version: number, next: AuthorModeRecord | undefined): boolean {
    if ((this.records.get(author)?.version ?? 0) !== version) return false;
    if (next) this.records.set(author, next);
    else this.records.delete(author);
    this.changes++;
    return true;
  }
}

/** What one process knows of the author, and how it decides. */
class SimulatedProcess {
  isCutOff = false;
  readonly roster: AuthorRoster;
  readonly modes: AuthorModes;

  constructor(shared: SharedModes, followers: () => number, clock: ManualClock) {
    const store = shared.seenBy(this);
    this.roster = new AuthorRoster(store, clock, ROSTER);
    this.modes = new AuthorModes(store, this.roster, async () => followers(), clock, THRESHOLDS);
  }

  /** Undefined when it must not answer from its roster. */
  get record(): { is: AuthorModeRecord | undefined } | undefined {
    return this.roster.isValid() ? { is: this.roster.records.get(AUTHOR) } : undefined;
  }
}

interface SimulatedInbox {
  readonly posts: Set<number>;
  coveredAtMs: number;
}

type Step =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'followers'; readonly count: number }
  | { readonly do: 'post'; readonly process: number; readonly writeMs: number; readonly followers: number }
  | { readonly do: 'step'; readonly process: number }
  | { readonly do: 'cut off' | 'reconnect'; readonly process: number }
  | { readonly do: 'fill'; readonly process: number; readonly inbox: number };

const process = fc.nat(PROCESSES - 1);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(100, 900, 3_000, 9_000, 45_000) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('followers' as const), count: fc.constantFrom(3, 7, 20) }) },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('post' as const),
        process,
        writeMs: fc.constantFrom(0, 0, 500, 4_000, 45_000),
        followers: fc.constantFrom(3, 7, 20),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom('step' as const, 'cut off' as const, 'reconnect' as const), process }),
    },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('fill' as const), process, inbox: fc.nat(INBOXES - 1) }) },
  ),
  { minLength: 20, maxLength: 80 },
);

/** An author goes up and down between push and pull, while posts are made and inboxes are filled. */
class World {
  readonly #clock = new ManualClock();
  readonly #shared = new SharedModes();
  #followers = 0;
  readonly #processes = Array.from(
    { length: PROCESSES },
    () => new SimulatedProcess(this.#shared, () => this.#followers, this.#clock),
  );
  readonly #inboxes: SimulatedInbox[] = Array.from({ length: INBOXES }, () => ({ posts: new Set(), coveredAtMs: 0 }));
  /** Visible posts; those that are pull-only are in an inbox by way of a merge alone. */
  readonly #visible: number[] = [];
  #posts = 0;
  pullOnly = 0;

  async run(script: readonly Step[]): Promise<void> {
    for (const { roster } of this.#processes) await roster.start();
    for (const step of script) {
      await this.#do(step);
      this.#check(step);
    }
    await Promise.all(this.#processes.map(({ roster }) => roster.stop()));
  }

  async #do(step: Step): Promise<void> {
    if (step.do === 'pass') return this.#clock.advance(step.ms);
    if (step.do === 'followers') return void (this.#followers = step.count);
    const process = this.#processes[step.process]!;
    if (step.do === 'post') await this.#post(process, step.writeMs, step.followers);
    else if (step.do === 'fill') this.#fill(process, this.#inboxes[step.inbox]!);
    else if (step.do === 'step') await process.modes.advance(AUTHOR).catch(() => undefined);
    else process.isCutOff = step.do === 'cut off';
  }

  /** While the write takes its time, followers come or go, and another process acts on it. */
  async #post({ modes }: SimulatedProcess, writeMs: number, followers: number): Promise<void> {
    const decision = await modes.decide(AUTHOR).catch(() => undefined);
    if (!decision) return; // refused
    this.#followers = followers;
    const [another] = this.#processes.filter((process) => process.modes !== modes);
    for (let part = 0; part < WRITE_PARTS && writeMs > 0; part++) {
      await this.#clock.advance(writeMs / WRITE_PARTS);
      await another!.modes.advance(AUTHOR).catch(() => undefined);
      this.#fill(another!, this.#inboxes[part % INBOXES]!);
    }
    const post = this.#posts++;
    this.#visible.push(post);
    if (decision.delivery === 'pull' && decision.stillHolds()) this.pullOnly++;
    else for (const inbox of this.#inboxes.filter((one) => this.#isWarm(one))) inbox.posts.add(post);
  }

  /** A cold inbox is built from the author timelines; a warm one is brought up to date with what it may lack. */
  #fill({ record }: SimulatedProcess, inbox: SimulatedInbox): void {
    if (!record) return;
    const isWarm = this.#isWarm(inbox);
    if (!isWarm) inbox.posts.clear();
    if (isFilledIn(record.is) && (!isWarm || isPulled(record.is, inbox.coveredAtMs))) {
      for (const post of this.#visible) inbox.posts.add(post);
    }
    inbox.coveredAtMs = this.#clock.now();
  }

  #isWarm({ coveredAtMs }: SimulatedInbox): boolean {
    return this.#clock.now() - coveredAtMs < THRESHOLDS.inboxIdleMs;
  }

  #check(step: Step): void {
    for (const { record } of this.#processes) {
      if (!record) continue;
      for (const { posts, coveredAtMs } of this.#inboxes.filter((inbox) => this.#isWarm(inbox))) {
        if (isPulled(record.is, coveredAtMs) || posts.size === this.#visible.length) continue;
        const missing = this.#visible.filter((post) => !posts.has(post));
        throw new Error(`after ${JSON.stringify(step)}: neither pushed nor pulled: ${missing.join()}`);
      }
    }
  }
}

describe('push or pull', () => {
  it('is never neither, in any process, however stale its roster is', async () => {
    let pullOnly = 0;
    const property = fc.asyncProperty(steps, async (script) => {
      const world = new World();
      await world.run(script);
      pullOnly += world.pullOnly;
    });
    await fc.assert(property, { numRuns: 300 });
    expect(pullOnly).toBeGreaterThan(50);
  }, 60_000);

  it('knows margins that fit each other', () => {
    expect(THRESHOLDS.settleMs).toBeGreaterThan(ROSTER.validMs);
    expect(CLOCK_MARGIN_MS).toBeGreaterThanOrEqual(THRESHOLDS.settleMs);
  });
});

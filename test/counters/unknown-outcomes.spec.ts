import { type Fate, type Fates, SimulatedCluster } from './simulated-store.ts';
import { CountedSets, counterLimits } from '#counters';
import { isAppError } from '#kernel';
import { ManualClock, seededChance, settle } from '#test';

/** A client whose commits end in the given ways, one after the other, and then well. */
function setup(...fates: Fate[]) {
  const clock = new ManualClock();
  const cluster = new SimulatedCluster();
  const calm: Fates = {
    step: () => Promise.resolve(),
    next: (label) => (label.startsWith('commit') ? (fates.shift() ?? 'done') : 'done'),
  };
  const connect = (limits = counterLimits, f = calm) =>
    new CountedSets({ store: cluster.connect(f), clock, chance: seededChance(1), limits });
  const members = () => cluster.contents({ kind: 'likes', id: 7n }).flatMap((shard) => shard.members);
  return { clock, cluster, sets: connect(), connect, members };
}

/** What a change comes to: its result, or the code it is refused with. */
function outcomeOf<T>(change: Promise<T>): Promise<T | string> {
  return change.catch((error: unknown) => (isAppError(error) ? error.code : String(error)));
}

describe('commits without an answer', () => {
  it.each<Fate>(['done without answer', 'in doubt: done', 'in doubt: lost', 'refused'])(
    'are found out about by reading: %s',
    async (fate) => {
      const { clock, sets, members } = setup(fate);
      const adding = sets.add('likes', 7n, 1n);
      await clock.advance(10);
      await expect(adding).resolves.toMatchObject({ changed: true, total: 1 });
      expect(members()).toEqual([1n]);
    },
  );

  it('are given up after some tries; to repeat them later counts once', async () => {
    const { clock, sets, members } = setup(...Array<Fate>(4).fill('done without answer'));
    const lost = setup(...Array<Fate>(4).fill('in doubt: lost'));
    const [one, other] = [outcomeOf(sets.add('likes', 7n, 1n)), outcomeOf(lost.sets.add('likes', 7n, 1n))];
    await Promise.all([clock.advance(1000), lost.clock.advance(1000)]);
    await expect(one).resolves.toMatchObject({ changed: true });
    await expect(other).resolves.toBe('unavailable');
    expect(lost.members()).toEqual([]);
    await lost.sets.add('likes', 7n, 1n);
    await lost.sets.add('likes', 7n, 1n);
    expect(lost.members()).toEqual([1n]);
    expect(members()).toEqual([1n]);
  });
});

describe('deadlines and bounds', () => {
  it('refuses at the deadline what a dead store does not answer, and goes on with the next', async () => {
    const { clock, connect, cluster } = setup();
    let stuck = true;
    const sets = connect(counterLimits, {
      step: () => (stuck ? new Promise(() => undefined) : Promise.resolve()),
      next: () => 'done',
    });
    const adding = outcomeOf(sets.add('likes', 7n, 1n));
    await clock.advance(counterLimits.timeoutMs - 1);
    expect(sets.pending).toBe(1);
    await clock.advance(200); // deadlines are looked at five times a second
    await expect(adding).resolves.toBe('unavailable');
    expect(sets.pending).toBe(0);
    stuck = false;
    await expect(sets.add('likes', 7n, 2n)).resolves.toMatchObject({ changed: true, total: 1 });
    await clock.advance(200);
    expect(clock.timers).toBe(0);
    expect(cluster.contents({ kind: 'likes', id: 7n })[0]?.members).toEqual([2n]);
  });

  it('refuses at once, and changes nothing, when too much is waiting', async () => {
    const { clock, connect, members } = setup();
    const waiting: (() => void)[] = [];
    const slow: Fates = { step: () => new Promise((resolve) => void waiting.push(resolve)), next: () => 'done' };
    const sets = connect({ ...counterLimits, queueMax: 2, pendingMax: 5 }, slow);
    const inFlight = [1n, 2n, 3n].map((member) => sets.add('likes', 7n, member)); // one in a commit, two wait
    await expect(sets.add('likes', 7n, 4n)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1000 });
    const others = [8n, 9n].map((subject) => sets.add('likes', subject, 4n));
    await expect(sets.add('likes', 10n, 4n)).rejects.toMatchObject({ code: 'unavailable' });
    const all = Promise.all([...inFlight, ...others]);
    let done = false;
    void all.then(() => (done = true));
    while (!done) {
      waiting.splice(0).forEach((go) => go());
      await settle();
    }
    expect(members()).toEqual([1n, 2n, 3n]);
    await clock.advance(200);
    expect([sets.pending, clock.timers]).toEqual([0, 0]);
  });
});

import type { ShardState } from '#storage';
import { planCommit } from './commit-plan.ts';
import { Operation } from './operation.ts';

const state = (fields: Partial<ShardState>): ShardState => ({
  total: 0,
  version: 1,
  sealed: false,
  commitId: 1n,
  since: [],
  ...fields,
});
const add = (member: bigint, since = 9n) => new Operation(member, since, 0);
const remove = (member: bigint) => new Operation(member, undefined, 0);

describe('planCommit', () => {
  it('lets repeats fall out and keeps the order of one member', () => {
    const group = [add(1n), add(1n, 10n), add(2n), remove(2n), remove(3n), add(3n)];
    const plan = planCommit(group, [1n, 2n, 3n], [state({ total: 1, since: [undefined, undefined, 5n] })]);
    expect(plan.decided.map(({ changed }) => changed)).toEqual([true, false, true, true, true, true]);
    expect(plan.changes).toEqual([
      { member: 1n, since: 9n },
      { member: 3n, since: 9n },
    ]);
    expect(plan.total).toBe(2);
    expect(plan.elsewhere).toEqual([]);
  });

  it('has nothing to write for nothing new', () => {
    const plan = planCommit([add(1n), remove(2n)], [1n, 2n], [state({ total: 1, since: [5n, undefined] })]);
    expect(plan).toMatchObject({ changes: [], total: 1 });
    expect(plan.decided.map(({ seat }) => seat.since)).toEqual([5n, undefined]);
  });

  it('acts where the member is, and enters a generation only over sealed shards without it', () => {
    const old = state({ sealed: true, since: [5n, undefined] });
    const open = state({ since: [undefined, undefined] });
    const group = [remove(1n), add(2n)];
    const newest = planCommit(group, [1n, 2n], [old, open]);
    expect(newest.elsewhere).toEqual([{ operation: group[0], generation: 0 }]);
    expect(newest.changes).toEqual([{ member: 2n, since: 9n }]);
    const unsealed = planCommit(group, [1n, 2n], [{ ...old, sealed: false }, open]);
    expect(unsealed.elsewhere.map(({ generation }) => generation)).toEqual([0, 0]);
  });

  it('sends on whom a sealed shard does not take, also one who leaves it in the same group', () => {
    const group = [remove(1n), add(1n), remove(1n), add(2n)];
    const plan = planCommit(group, [1n, 2n], [state({ sealed: true, total: 1, since: [5n, undefined] })]);
    expect(plan.decided.map(({ operation }) => operation)).toEqual([group[0]]);
    expect(plan.elsewhere.map(({ operation, generation }) => [operation, generation])).toEqual([
      [group[1], 1],
      [group[2], 1],
      [group[3], 1],
    ]);
    expect(plan).toMatchObject({ total: 0, changes: [{ member: 1n, since: undefined }] });
  });
});

import { GrowthGauge } from './growth-gauge.ts';

const shard = { kind: 'likes', id: 1n, generation: 0, shard: 0 } as const;
const limits = { membersMax: 100, hotShardsMax: 64, waitingMax: 400, heatedPerSecond: 50 };
const report = (fields: { total?: number; waiting?: number; lost?: number }) => ({
  shard,
  at: { generation: 0, shard: 0, total: fields.total ?? 1, version: 1 },
  operations: 1,
  waiting: fields.waiting ?? 0,
  lost: fields.lost ?? 0,
});

describe('GrowthGauge', () => {
  it('wants more shards when one is full, however many there are', () => {
    const gauge = new GrowthGauge(limits);
    expect(gauge.wantsMore(report({ total: 99 }), 1, 0)).toBe(false);
    expect(gauge.wantsMore(report({ total: 100 }), 256, 0)).toBe(true);
  });

  it('wants more when as many commits are lost as won, up to a number of shards', () => {
    const gauge = new GrowthGauge(limits);
    for (let i = 0; i < 9; i++) expect(gauge.wantsMore(report({ lost: 1 }), 16, 0)).toBe(false);
    expect(gauge.wantsMore(report({ lost: 1 }), 16, 0)).toBe(true);
    expect(gauge.wantsMore(report({ lost: 1 }), 64, 0)).toBe(false);
  });

  it('wants more when operations wait time after time', () => {
    const gauge = new GrowthGauge(limits);
    for (let i = 0; i < 19; i++) expect(gauge.wantsMore(report({ waiting: 400 }), 1, 0)).toBe(false);
    expect(gauge.wantsMore(report({ waiting: 400 }), 1, 0)).toBe(true);
  });

  it('wants more of what hot-key detection has named as soon as it is written at some rate, for some time', () => {
    const gauge = new GrowthGauge(limits);
    for (let i = 0; i < 200; i++) expect(gauge.wantsMore(report({}), 1, 0)).toBe(false);
    gauge.heat(0);
    expect(gauge.wantsMore(report({}), 4, 0)).toBe(false);
    expect(gauge.wantsMore(report({}), 1, 0)).toBe(true);
    for (let i = 0; i < 300; i++) expect(gauge.wantsMore(report({}), 1, 5_000)).toBe(false);
  });

  it('tells the rate of operations', () => {
    const gauge = new GrowthGauge(limits);
    expect(gauge.perSecond(0)).toBe(0);
    for (let i = 0; i < 200; i++) gauge.wantsMore(report({}), 1, i * 10);
    gauge.wantsMore(report({}), 1, 2_000);
    expect(gauge.perSecond(2_500)).toBe(100);
    expect(gauge.perSecond(12_000)).toBeLessThan(1);
  });

  it('forgets what is long ago', () => {
    const gauge = new GrowthGauge(limits);
    for (let i = 0; i < 100; i++) expect(gauge.wantsMore(report({ lost: 1 }), 1, i * 300)).toBe(false);
  });
});

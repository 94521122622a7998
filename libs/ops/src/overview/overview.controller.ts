import { Controller, Get, Inject } from '@nestjs/common';
import { totalOf } from '#counters';
import { Endpoint } from '#http';
import type { Vitals } from '#observability';
import { Runtime, writtenSets } from '#runtime';
import { BUSIEST_MAX } from '../hot-keys/hot-keys-body.ts';
import { hotNames } from './hot-names.ts';
import { overviewBody } from './overview-body.ts';
import { overview, type Overview } from './overview.schema.ts';

const SETS_MAX = 6;

@Controller('v1/ops/overview')
export class OverviewController {
  constructor(@Inject(Runtime) private readonly runtime: Runtime) {}

  @Get()
  @Endpoint({
    tag: 'operations',
    summary: 'How all instances did during the last five seconds',
    opsScope: true,
    answers: { 200: overview },
  })
  async read(): Promise<Overview> {
    const { vitals, caches, clock } = this.runtime;
    const { whole, vitals: all } = await vitals.list();
    const sets = await this.#writtenSets(all);
    const { cache } = caches;
    const read = [...cache.hotKeys, ...cache.busiestKeys(BUSIEST_MAX)].map(({ region, key }) => ({
      kind: region,
      key,
    }));
    const written = sets.map(({ kind, id }) => ({ kind, key: id }));
    return {
      asOf: new Date(clock.now()).toISOString(),
      whole,
      ...overviewBody(all),
      writtenSets: sets,
      names: await hotNames(caches, [...read, ...written]),
    };
  }

  /** With what the store says of them. */
  async #writtenSets(all: readonly Vitals[]): Promise<Overview['writtenSets']> {
    const { sets, stores } = this.runtime;
    const written = writtenSets(all, SETS_MAX);
    const subjects = written.map(({ subject }) => subject);
    const [counts, layouts] = await Promise.all([
      sets.counts(subjects),
      Promise.all(subjects.map((subject) => stores.countedSets.loadLayout(subject))),
    ]);
    return written.map(({ subject: { kind, id }, changesPerSecond, shards }, i) => ({
      kind,
      id: String(id),
      total: totalOf(counts[i] ?? []),
      shards: layouts[i]?.at(-1) ?? 1,
      generations: [...(layouts[i] ?? [])],
      changesPerSecond,
      busiestShare: Math.min(1, Math.max(...shards.map(({ perSecond }) => perSecond)) / changesPerSecond),
    }));
  }
}

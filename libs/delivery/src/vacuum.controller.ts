import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import * as z from 'zod';
import { Endpoint } from '#http';
import { Runtime } from '#runtime';
import { Sweeper } from './sweeper.ts';

const count = z.int().nonnegative();

const vacuumed = z
  .strictObject({
    outboxRows: count.describe('Rows that were left behind and have been dispatched again.'),
    inboxes: count.describe('Inboxes without an end, which have one now.'),
  })
  .meta({ id: 'Vacuumed' });
type Vacuumed = z.output<typeof vacuumed>;

/** What the workers do by themselves now and then, at once. */
@Controller('v1/ops/vacuum')
export class VacuumController {
  constructor(
    @Inject(Sweeper) private readonly sweeper: Sweeper,
    @Inject(Runtime) private readonly runtime: Runtime,
  ) {}

  @Post()
  @HttpCode(200)
  @Endpoint({ tag: 'operations', summary: 'Clean up what was left behind', opsScope: true, answers: { 200: vacuumed } })
  async vacuum(): Promise<Vacuumed> {
    const [outboxRows, inboxes] = await Promise.all([this.sweeper.sweep(), this.runtime.deliveryInboxes.vacuum()]);
    return { outboxRows, inboxes };
  }
}

import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Endpoint } from '#http';
import { ID_MAX, timeOf } from '#ids';
import { Runtime } from '#runtime';
import { type FanoutStatus, fanoutStatus, type Replayed, replayed } from './fanout.schema.ts';

const DEAD_LETTERS_MAX = 50;
const REPLAYED_MAX = 1000;

@Controller('v1/ops/fanout')
export class FanoutController {
  constructor(@Inject(Runtime) private readonly runtime: Runtime) {}

  @Get()
  @Endpoint({
    tag: 'operations',
    summary: 'How the fan-out stands',
    opsScope: true,
    answers: { 200: fanoutStatus },
  })
  async status(): Promise<FanoutStatus> {
    const { inspector, stores } = this.runtime;
    const [queues, letters, [oldest]] = await Promise.all([
      inspector.status(),
      inspector.listDeadLetters(DEAD_LETTERS_MAX),
      stores.outbox.list(0n, ID_MAX, 1),
    ]);
    return {
      queues,
      outbox: { oldest: oldest ? instantOf(timeOf(oldest.id)) : null },
      deadLetters: letters.map(({ failedAtMs, ...letter }) => ({ ...letter, failedAt: instantOf(failedAtMs) })),
    };
  }

  @Post('replay')
  @HttpCode(200)
  @Endpoint({
    tag: 'operations',
    summary: 'Put dead letters back into their queues',
    opsScope: true,
    answers: { 200: replayed },
  })
  async replay(): Promise<Replayed> {
    return { replayed: await this.runtime.inspector.replay(REPLAYED_MAX) };
  }
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

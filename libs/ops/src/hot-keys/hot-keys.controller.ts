import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Endpoint } from '#http';
import { Runtime } from '#runtime';
import { hotKeysBody } from './hot-keys-body.ts';
import {
  hotKeys,
  type HotKeysBody,
  prewarmed,
  type Prewarmed,
  prewarming,
  type Prewarming,
} from './hot-keys.schema.ts';

@Controller('v1/ops')
export class HotKeysController {
  constructor(@Inject(Runtime) private readonly runtime: Runtime) {}

  @Get('hot-keys')
  @Endpoint({
    tag: 'operations',
    summary: 'What is hot, and who carries it',
    description: 'Every instance tells the rates of all, and of itself the rest.',
    opsScope: true,
    answers: { 200: hotKeys },
  })
  async hotKeys(): Promise<HotKeysBody> {
    const { caches, signals, clock } = this.runtime;
    return hotKeysBody(caches.cache, await signals.sample(), clock.now());
  }

  @Post('prewarm')
  @HttpCode(202)
  @Endpoint({
    tag: 'operations',
    summary: 'Warm on all instances what is about to be hot',
    description:
      'What is named is held in every process from `inSeconds` on, and counts as hot for `forSeconds`. A time ahead is kept in Redis, where every instance looks.',
    opsScope: true,
    answers: { 202: prewarmed },
  })
  async prewarm(
    @Body({ schema: prewarming }) { posts, authors, heads, inSeconds, forSeconds }: Prewarming,
  ): Promise<Prewarmed> {
    const { prewarms, clock } = this.runtime;
    const [inMs, forMs] = [1000 * inSeconds, 1000 * forSeconds];
    const wanted: [region: string, keys: readonly bigint[]][] = [
      ['post', posts],
      ['counts', posts],
      ['views', posts],
      ['user', authors],
      ['profile', authors],
      ['head', heads],
    ];
    const named = wanted.filter(([, keys]) => keys.length > 0).map(([region, keys]) => [region, keys.map(String)]);
    const fromMs = clock.now() + inMs;
    await prewarms.order({ regions: Object.fromEntries(named) as Record<string, string[]>, forMs }, inMs);
    return {
      keys: wanted.reduce((sum, [, keys]) => sum + keys.length, 0),
      from: new Date(fromMs).toISOString(),
      until: new Date(fromMs + forMs).toISOString(),
    };
  }
}

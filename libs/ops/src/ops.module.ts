import { Module } from '@nestjs/common';
import { CountersController } from './counters/counters.controller.ts';
import { FanoutController } from './fanout/fanout.controller.ts';
import { HotKeysController } from './hot-keys/hot-keys.controller.ts';
import { OverviewController } from './overview/overview.controller.ts';

/** What operators see and do. */
@Module({ controllers: [FanoutController, CountersController, HotKeysController, OverviewController] })
export class OpsModule {}

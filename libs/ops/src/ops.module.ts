import { Module } from '@nestjs/common';
import { FanoutController } from './fanout/fanout.controller.ts';

/** What operators see and do. */
@Module({ controllers: [FanoutController] })
export class OpsModule {}

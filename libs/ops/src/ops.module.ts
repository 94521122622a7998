import { Module } from '@nestjs/common';
import { BoardRoutes } from './board/board-routes.ts';
import { SessionController } from './board/session.controller.ts';
import { CountersController } from './counters/counters.controller.ts';
import { FanoutController } from './fanout/fanout.controller.ts';
import { HotKeysController } from './hot-keys/hot-keys.controller.ts';
import { OverviewController } from './overview/overview.controller.ts';
import { PageRoutes } from './page/page-routes.ts';

/** What operators see and do. */
@Module({
  controllers: [FanoutController, CountersController, HotKeysController, OverviewController, SessionController],
  providers: [PageRoutes, BoardRoutes],
})
export class OpsModule {}

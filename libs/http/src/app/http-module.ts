import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Metrics } from '#observability';
import { HealthController } from '../operations/health.controller.ts';
import { HealthChecks } from '../operations/health-check.ts';
import { ReadyAnswers } from '../ready/ready-answers.ts';
import { MetricsController } from '../operations/metrics.controller.ts';

export interface HttpParts {
  readonly metrics: Metrics;
  readonly checks: HealthChecks;
  readonly ready: ReadyAnswers;
}

/** What every app serves beside its features. */
@Module({})
export class HttpModule {
  static around(feature: Type | DynamicModule, { metrics, checks, ready }: HttpParts): DynamicModule {
    const providers: Provider[] = [
      { provide: Metrics, useValue: metrics },
      { provide: HealthChecks, useValue: checks },
      { provide: ReadyAnswers, useValue: ready },
    ];
    return {
      module: HttpModule,
      imports: [TerminusModule.forRoot({ logger: false }), feature],
      controllers: [HealthController, MetricsController],
      providers,
      exports: [ReadyAnswers],
      global: true, // for the features
    };
  }
}

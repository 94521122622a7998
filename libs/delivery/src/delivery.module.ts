import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { QUEUE_LANES, queueNames, queuePrefix } from '#fanout';
import { Repetition } from '#kernel';
import { Runtime } from '#runtime';
import { CleanupRunner } from './cleanup-runner.ts';
import type { DeliveryMetrics } from './delivery-metrics.ts';
import { FanoutRunner } from './fanout-runner.ts';
import { promDeliveryMetrics } from './prom-delivery-metrics.ts';
import { queueProcessors } from './queue-processors.ts';
import { Sweeper, sweeperTiming } from './sweeper.ts';
import { VacuumController } from './vacuum.controller.ts';

const METRICS = Symbol('DeliveryMetrics');
const AUTHOR_MODES_EVERY_MS = 30_000;

/** The workers: fan-out, cleaning up, and what finds again what was left behind. */
@Module({})
export class DeliveryModule implements OnModuleInit, OnApplicationShutdown {
  readonly #repeated: readonly { start(): void; stop(): Promise<void> }[];

  constructor(@Inject(Runtime) { clock, logger, modes, reconciler }: Runtime, @Inject(Sweeper) sweeper: Sweeper) {
    const onError = (err: unknown): void => logger.warn({ err }, 'a repeated task failed; it runs again');
    this.#repeated = [
      new Repetition(clock, sweeperTiming.everyMs, () => sweeper.sweep(), onError),
      new Repetition(clock, AUTHOR_MODES_EVERY_MS, () => modes.advanceAll(), onError),
      reconciler,
    ];
  }

  static of({ redis }: Runtime): DynamicModule {
    const queues = QUEUE_LANES.flatMap(queueNames).map((name) => ({
      name,
      prefix: queuePrefix(name),
      connection: redis.workers,
    }));
    return {
      module: DeliveryModule,
      controllers: [VacuumController],
      imports: [BullModule.registerQueue(...queues)],
      providers: [
        {
          provide: METRICS,
          inject: [Runtime],
          useFactory: ({ metrics }: Runtime) => promDeliveryMetrics(metrics),
        },
        {
          provide: FanoutRunner,
          inject: [Runtime, METRICS],
          useFactory: ({ stores, followers, deliveryInboxes, clock }: Runtime, metrics: DeliveryMetrics) =>
            new FanoutRunner(stores.posts, followers, deliveryInboxes, stores.outbox, clock, metrics),
        },
        {
          provide: CleanupRunner,
          inject: [Runtime],
          useFactory: ({ stores, followers, deliveryInboxes }: Runtime) =>
            new CleanupRunner(followers, followers, deliveryInboxes, stores.outbox),
        },
        {
          provide: Sweeper,
          inject: [Runtime, METRICS],
          useFactory: ({ stores, dispatcher, clock }: Runtime, metrics: DeliveryMetrics) =>
            new Sweeper(stores.outbox, stores.posts, dispatcher, clock, metrics),
        },
        ...queueProcessors(),
      ],
    };
  }

  onModuleInit(): void {
    for (const task of this.#repeated) task.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#repeated.map((task) => task.stop()));
  }
}

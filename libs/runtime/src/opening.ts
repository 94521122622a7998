import type { Config } from '#config';
import { type Chance, type Clock, systemClock } from '#kernel';
import { createLogger, EventLoopDelay, type Logger, Metrics } from '#observability';
import { Closers } from './closers.ts';
import { instanceName } from './instance-name.ts';
import { type Topology, topologyOf } from './topology.ts';

/** What everything that is opened needs, and where it says how it is closed. */
export interface Opening {
  readonly config: Config;
  readonly topology: Topology;
  readonly service: string;
  /** This process' name among all. */
  readonly instance: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly closers: Closers;
}

export function beginOpening(config: Config, service: string): Opening {
  const closers = new Closers();
  const chance = Math.random;
  const metrics = new Metrics();
  closers.add(new EventLoopDelay(), (delay) => delay.close()).exportTo(metrics);
  return {
    config,
    topology: topologyOf(config),
    service,
    instance: instanceName(service, chance),
    clock: systemClock,
    chance,
    logger: createLogger({ level: config.logLevel, service }),
    metrics,
    closers,
  };
}

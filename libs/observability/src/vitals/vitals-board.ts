import type { Vitals } from './vitals.ts';

/**
 * Where the processes of a cluster show each other how they are. Nothing depends on it but what operators see; both methods
 * reject with `unavailable` when the board is away.
 */
export abstract class VitalsBoard {
  /** Replaces what the same instance has put up before. */
  abstract publish(vitals: Vitals): Promise<void>;
  /** Those of all instances that have published lately, in no order; an instance that has gone is left out soon. */
  abstract list(): Promise<Vitals[]>;
}

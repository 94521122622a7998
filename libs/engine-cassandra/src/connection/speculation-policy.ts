import type { policies } from 'cassandra-driver';

const PLAIN_DELAY_MS = 150;
/** Conditional writes and serial reads hinder each other: asking twice must stay rarer than their slowest answers. */
const SERIAL_DELAY_MS = 500;
const TIMES_MAX = 2;

/**
 * Asks a second node, and a third, when the first has not answered in time: the only thing that helps against a node
 * that is frozen rather than dead. The driver does so with repeatable requests alone. The delays lie well above what an
 * answer usually takes, or overload would double itself.
 */
export class SpeculationPolicy implements policies.speculativeExecution.SpeculativeExecutionPolicy {
  readonly #serial = new Set<string>();

  /** Makes this statement one of those that wait longer. */
  addSerial(cql: string): void {
    this.#serial.add(cql);
  }

  /** @param asked a statement, or those of a batch. */
  newPlan(_keyspace: string, asked: string | object[]): { nextExecution: () => number } {
    const cql = typeof asked === 'string' ? asked : (asked as BatchItem[])[0]?.query;
    const delayMs = cql !== undefined && this.#serial.has(cql) ? SERIAL_DELAY_MS : PLAIN_DELAY_MS;
    let times = 0;
    return { nextExecution: () => (times++ < TIMES_MAX ? delayMs : -1) };
  }

  getOptions(): Map<string, object> {
    return new Map();
  }

  init(): void {
    // Nothing to start.
  }

  shutdown(): void {
    // Nothing to end.
  }
}

interface BatchItem {
  readonly query: string;
}

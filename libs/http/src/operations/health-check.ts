/** One thing that the service cannot do without. */
export abstract class HealthCheck {
  /** As `/readyz` shows it: `store`, `queue`. */
  abstract readonly name: string;
  /** Resolves when it works; rejects otherwise. Cheap: it runs every second or so. */
  abstract check(): Promise<void>;
}

/** The list that wiring provides; a class, so that it can be injected. */
export class HealthChecks {
  constructor(readonly all: readonly HealthCheck[]) {}
}

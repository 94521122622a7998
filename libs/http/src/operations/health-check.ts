import { isAppError } from '#kernel';
import type { Logger } from '#observability';

/** One thing that the service cannot do without. */
export abstract class HealthCheck {
  /** As `/readyz` shows it: `store`, `queue`. */
  abstract readonly name: string;
  /** Resolves when it works; rejects otherwise. Cheap: it runs every second or so. */
  abstract check(): Promise<void>;
}

/** Everything that `/readyz` asks. */
export class HealthChecks {
  constructor(
    readonly all: readonly HealthCheck[],
    private readonly logger: Logger,
  ) {}

  /** Rejects with what anybody may know: addresses and the like go to the log. */
  async run(check: HealthCheck): Promise<void> {
    try {
      await check.check();
    } catch (error) {
      this.logger.warn({ dependency: check.name, err: error }, 'a dependency does not answer');
      throw new Error(isAppError(error) ? error.detail : 'does not answer', { cause: error });
    }
  }
}

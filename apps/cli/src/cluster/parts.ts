import type { StackOptions } from '#local-stack';
import { type Part, type Role, ROLES } from './part.ts';

/** What runs. Says so when one ends by itself, and ends all of it in order. */
export class Parts {
  readonly #byRole = new Map<Role, Part[]>(ROLES.map((role) => [role, []]));
  #stopping = false;

  constructor(private readonly say: StackOptions['say']) {}

  add(role: Role, ...parts: Part[]): void {
    this.of(role).push(...parts);
    for (const { name, server } of parts) {
      const { pid } = server;
      void server.ended.then((how) => {
        if (!this.#stopping) this.say(`${name} (pid ${pid}) ${how}; its log is ${server.spec.logFile}`);
      });
    }
  }

  of(role: Role): Part[] {
    return this.#byRole.get(role) ?? [];
  }

  /** Those that run, the first to end first. */
  all(): Part[] {
    return ROLES.flatMap((role) => this.of(role));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const role of ROLES) await Promise.all(this.of(role).map(({ server }) => server.stop()));
  }
}

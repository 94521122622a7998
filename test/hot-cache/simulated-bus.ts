import { InvalidationBus } from '#hot-cache';

export type Listener = (message: string) => void;

/** One channel for all processes of a test; `route` decides what becomes of each message for each listener. */
export class SimulatedBus {
  readonly #listeners = new Map<number, Listener>();
  #next = 0;
  /** Delivers at once unless told otherwise: lose it, keep it, call `deliver` later or twice. */
  route: (deliver: () => void, message: string, to: number) => void = (deliver) => deliver();
  /** What it waits for before it accepts a message; may reject. */
  way: () => Promise<void> = () => Promise.resolve();

  /** One process's end of the channel. */
  end(): InvalidationBus {
    const to = this.#next++;
    const listeners = this.#listeners;
    const publish = async (message: string): Promise<void> => {
      await this.way();
      for (const id of [...listeners.keys()]) this.route(() => listeners.get(id)?.(message), message, id);
    };
    return new (class extends InvalidationBus {
      publish = publish;
      subscribe(listen: Listener): Promise<() => Promise<void>> {
        listeners.set(to, listen);
        return Promise.resolve(() => Promise.resolve(void listeners.delete(to)));
      }
    })();
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

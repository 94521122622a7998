import { AppError, unavailable } from '#kernel';
import { Metrics } from '#observability';
import type { Stores } from '#storage';
import { settle } from '#test';
import { watchStores } from './watch-stores.ts';

class Engine {
  #secret = 7;
  readonly waiting: { answer: (value: number) => void; fail: (error: unknown) => void }[] = [];
  find(more: number): Promise<number> {
    return new Promise<number>((answer, fail) => this.waiting.push({ answer, fail })).then(
      (n) => n + more + this.#secret,
    );
  }
  now(): number {
    return this.#secret;
  }
}

describe('watchStores', () => {
  const engine = new (class extends Engine {})();
  const metrics = new Metrics({ processMetrics: false });
  let closed = 0;
  const close = async (): Promise<void> => {
    closed++;
  };
  const stores = watchStores({ users: engine, close } as unknown as Stores, metrics);
  const users = stores.users as unknown as Engine;

  it('hands calls on to the engine itself, and counts them', async () => {
    const found = [users.find(1), users.find(2)];
    expect(await metrics.text()).toContain('store_calls_in_flight{store="users"} 2');
    for (const { answer } of engine.waiting.splice(0)) answer(10);
    expect(await Promise.all(found)).toEqual([18, 19]);
    expect(users.now()).toBe(7);
    const text = await metrics.text();
    expect(text).toContain('store_calls_in_flight{store="users"} 0');
    expect(text).toContain('store_calls_total{store="users",outcome="answered"} 2');
  });

  it('tells failures from refusals that are answers', async () => {
    const found = Promise.allSettled([users.find(1), users.find(1), users.find(1)]);
    const errors = [new Error('broken'), unavailable('away'), new AppError('handle_taken')];
    for (const { fail } of engine.waiting.splice(0)) fail(errors.shift());
    await found;
    await settle();
    const text = await metrics.text();
    expect(text).toContain('store_calls_total{store="users",outcome="failed"} 2');
    expect(text).toContain('store_calls_total{store="users",outcome="answered"} 3');
  });

  it('closes the engine', async () => {
    await stores.close();
    expect(closed).toBe(1);
  });
});

import { Limiter } from './limiter.ts';
import { settle } from '#test';

function gate() {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

describe('Limiter', () => {
  it('runs as much as it may, queues as much as it may, and refuses the rest at once', async () => {
    const limiter = new Limiter('the store', 2, 1);
    const gates = [gate(), gate(), gate()];
    const started: number[] = [];
    const runs = gates.map((g, i) => limiter.run(() => (started.push(i), g.promise)));
    await expect(limiter.run(() => Promise.resolve())).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 1000,
    });
    expect([started, limiter.running, limiter.queued]).toEqual([[0, 1], 2, 1]);
    gates[0]!.open();
    await settle();
    expect(started).toEqual([0, 1, 2]);
    gates[1]!.open();
    gates[2]!.open();
    await Promise.all(runs);
    expect([limiter.running, limiter.queued]).toEqual([0, 0]);
  });

  it('frees its place when the work fails', async () => {
    const limiter = new Limiter('the store', 1, 0);
    await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(limiter.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});

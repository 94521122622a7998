import { BackgroundTasks } from './background-tasks.ts';

describe('BackgroundTasks', () => {
  it('reports failures and waits for all, also for what tasks have started', async () => {
    const errors: unknown[] = [];
    const done: string[] = [];
    const tasks = new BackgroundTasks((error) => errors.push(error));
    tasks.run(async () => {
      await Promise.resolve();
      tasks.run(async () => void done.push('inner'));
      done.push('outer');
    });
    tasks.run(() => Promise.reject(new Error('no')));
    await tasks.settled();
    expect(done.sort()).toEqual(['inner', 'outer']);
    expect(errors).toEqual([new Error('no')]);
    expect(tasks.running).toBe(0);
  });

  it('does not begin more than it may', async () => {
    const errors: unknown[] = [];
    const tasks = new BackgroundTasks((error) => errors.push(error), 1);
    let finish = (): void => undefined;
    let begun = 0;
    tasks.run(() => (begun++, new Promise<void>((resolve) => (finish = resolve))));
    tasks.run(async () => {
      begun++;
    });
    finish();
    await tasks.settled();
    expect(begun).toBe(1);
    expect(errors).toMatchObject([{ code: 'unavailable' }]);
  });
});

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs work that the first signal gives up; further signals do not cut its cleaning up short. Then the result is 1. */
export async function untilSignal(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = () => controller.abort();
  for (const name of SIGNALS) process.on(name, abort);
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return 1;
  } finally {
    for (const name of SIGNALS) process.off(name, abort);
  }
}

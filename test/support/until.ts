/** Polls `probe` until `done` holds for its value; throws with the last value when the deadline has passed. */
export async function until<T>(
  probe: () => T | Promise<T>,
  done: (value: T) => boolean = Boolean,
  { deadlineMs = 10_000, everyMs = 10 } = {},
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (done(value)) return value;
    if (performance.now() > end)
      throw new Error(`not reached in ${deadlineMs} ms: ${JSON.stringify(value, showBigints)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function showBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

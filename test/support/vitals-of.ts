import type { Vitals } from '#observability';

/** Vitals of an instance that has gained this in five seconds. */
export function vitalsOf(
  instance: string,
  gains: Readonly<Record<string, number>>,
  rest: Partial<Vitals> = {},
): Vitals {
  return {
    instance,
    service: 'post-service',
    startedAtMs: 0,
    atMs: 5_000,
    windowMs: 5_000,
    gains,
    drift: 0,
    loop: { p99Ms: 2, longestMs: 9 },
    ...rest,
  };
}

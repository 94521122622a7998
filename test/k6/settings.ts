/** What a run is told by its environment (`k6 run -e NAME=value`). */

export const baseUrl = (__ENV.BASE_URL ?? 'http://127.0.0.1:3000').replace(/\/$/, '');

/** Made by `npm run seed -- --tokens FILE`. */
export const tokensFile = __ENV.TOKENS ?? 'tokens.json';

/** What a scenario's own rate is multiplied by: less than 1 for a server that shares its machine with many others. */
const scale = positive('SCALE', 1);

/** Iterations a second at the peak. */
export const rate = (fallback: number): number => positive('RATE', Math.max(1, fallback * scale));

/** How long the peak lasts. */
export const durationS = (fallback: number): number => positive('DURATION_S', fallback);

/** Of a viral post, for each of those who do more than look at it. */
export const onlookers = (fallback: number): number => positive('ONLOOKERS', fallback);

/** Bound of the 99th percentile of requests. */
export const p99Ms = (fallback: number): number => positive('P99_MS', fallback);

/** Bound of the 99th percentile of the time until a post is where it belongs. */
export const lagP99Ms = (fallback: number): number => positive('LAG_P99_MS', fallback);

function positive(name: string, fallback: number): number {
  const given = __ENV[name];
  if (given === undefined || given === '') return fallback;
  const value = Number(given);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0`);
  return value;
}

import type { Options, Scenario, Threshold } from 'k6/options';

/** New iterations begin at a rate, however long those under way take: slowness shows as slowness, not as less load. */
export function constantRate(exec: string, rate: number, durationS: number): Scenario {
  return {
    executor: 'constant-arrival-rate',
    exec,
    rate: Math.ceil(rate * 10),
    timeUnit: '10s',
    duration: `${durationS}s`,
    ...virtualUsers(rate),
  };
}

/** The same, from almost nobody to the peak in a quarter of the time. */
export function rampingRate(exec: string, rate: number, durationS: number): Scenario {
  const rampS = Math.max(1, Math.round(durationS / 4));
  return {
    executor: 'ramping-arrival-rate',
    exec,
    startRate: 1,
    timeUnit: '1s',
    stages: [
      { duration: `${rampS}s`, target: Math.ceil(rate) },
      { duration: `${Math.max(1, durationS - rampS)}s`, target: Math.ceil(rate) },
    ],
    ...virtualUsers(rate),
  };
}

/** Enough for iterations of two seconds; the rest are made when they are needed. */
function virtualUsers(rate: number): { preAllocatedVUs: number; maxVUs: number } {
  return { preAllocatedVUs: Math.ceil(2 * rate) + 5, maxVUs: Math.ceil(10 * rate) + 20 };
}

/** What must hold in every scenario: no failed request, no wrong answer, no iteration left out, and it is quick. */
export function thresholdsOf(p99Ms: number, more: Record<string, Threshold[]> = {}): Record<string, Threshold[]> {
  return {
    http_req_failed: ['rate==0'],
    checks: ['rate==1'],
    dropped_iterations: ['count==0'],
    http_req_duration: [`p(99)<${p99Ms}`],
    ...more,
  };
}

export const common: Options = {
  // Bodies are looked into, connections are kept, and the names of routes (not addresses) are what is counted.
  systemTags: ['check', 'error_code', 'expected_response', 'group', 'method', 'name', 'scenario', 'status'],
  summaryTrendStats: ['avg', 'med', 'p(90)', 'p(99)', 'max', 'count'],
  setupTimeout: '120s',
  teardownTimeout: '120s',
  batchPerHost: 20,
};

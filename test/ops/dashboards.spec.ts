// Dashboards and alerts name metrics, labels and their values: all of them must come from a server as it runs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess, startTestRedis, tempDir, type TestRedis } from '#test';

const docker = join(import.meta.dirname, '../../docker');
const FOREIGN = /^(nginx|redis|process)_|^up$/;
/** Given by Prometheus or its configuration, not by us. */
const OUTER_LABELS = /^(job|instance|service|deployment|le)$/;

interface Selector {
  readonly metric: string;
  readonly labels: readonly (readonly [label: string, values: readonly string[]])[];
}

function selectorsIn(expression: string): Selector[] {
  return [...expression.matchAll(/([a-z_]+)(?:\{([^}]*)\})?(?:\[[^\]]*\])?(?![a-z_]*\s*\()/g)]
    .filter(([, name = '']) => /_(total|seconds|bytes|entries|keys|shards|flight|work|state|bucket|count)$/.test(name))
    .map(([, metric = '', matchers = '']) => ({
      metric,
      labels: [...matchers.matchAll(/(\w+)=~?"([^"]*)"/g)].map(
        ([, label = '', values = '']) => [label, values.split('|')] as const,
      ),
    }));
}

function expressionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'expr' ? [String(inner)] : expressionsIn(inner as unknown),
  );
}

describe('dashboards and alerts', () => {
  const dir = tempDir();
  let redis: TestRedis;
  let server: ServerProcess;
  let metrics: string;
  beforeAll(async () => {
    redis = await startTestRedis();
    server = await ServerProcess.start('standalone', { REDIS_URL: redis.url, DATA_DIR: dir.path });
    await fetch(`${server.url}/v1/posts/none`); // requests and errors show from the first on
    metrics = await (await fetch(`${server.url}/metrics`)).text();
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await redis.stop();
    dir.remove();
  });

  const isThere = ({ metric, labels }: Selector): boolean => {
    if (FOREIGN.test(metric)) return true;
    const type = new RegExp(`^# TYPE ${metric.replace(/_(bucket|count)$/, '(?:_bucket|_count)?')} `, 'm');
    const own = labels.filter(([label]) => !OUTER_LABELS.test(label));
    const series = metrics.split('\n').filter((line) => line.startsWith(`${metric}{`));
    return (
      type.test(metrics) &&
      own.every(([label, values]) =>
        values.every((value) => series.some((line) => line.includes(`${label}="${value}"`))),
      )
    );
  };

  const files = readdirSync(join(docker, 'grafana/dashboards'));
  it.each(files)('%s asks for what there is', (file) => {
    const dashboard: unknown = JSON.parse(readFileSync(join(docker, 'grafana/dashboards', file), 'utf8'));
    const selectors = expressionsIn(dashboard).flatMap(selectorsIn);
    expect(selectors.length).toBeGreaterThan(10);
    expect(selectors.filter((selector) => !isThere(selector))).toEqual([]);
  });

  it('finds out what there is not', () => {
    const wrong = 'sum(rate(no_such_total[1m])) + sum(rate(cache_events_total{event="no_such"}[1m]))';
    expect(selectorsIn(wrong).map(isThere)).toEqual([false, false]);
  });
});

import { EventLoopDelay } from './event-loop-delay.ts';
import { metricCatalogue } from './metric-catalogue.ts';
import { Metrics } from './metrics.ts';
import { until } from '#test';

describe('Metrics', () => {
  it('counts under labels', async () => {
    const metrics = new Metrics({ processMetrics: false });
    metrics.counter('http_errors_total', { code: 'not_found' }).inc();
    metrics.counter('http_errors_total', { code: 'not_found' }).inc(2);
    metrics.histogram('http_request_duration_seconds', { method: 'GET', route: '/x', status: '200' }).observe(0.003);
    const text = await metrics.text();
    expect(text).toContain('# TYPE http_errors_total counter');
    expect(text).toContain('http_errors_total{code="not_found"} 3');
    expect(text).toContain('http_request_duration_seconds_bucket{le="0.005",method="GET",route="/x",status="200"} 1');
    expect(text).toContain('http_request_duration_seconds_bucket{le="0.0025",method="GET",route="/x",status="200"} 0');
  });

  it('asks others for their numbers at every scrape', async () => {
    const metrics = new Metrics({ processMetrics: false });
    let value = 5;
    metrics.sample('http_errors_total', () => [{ labels: { code: 'internal' }, value }]);
    expect(await metrics.text()).toContain('http_errors_total{code="internal"} 5');
    value = 7;
    expect(await metrics.text()).toContain('http_errors_total{code="internal"} 7');
  });

  it('keeps registries apart and knows the process', async () => {
    const [one, other] = [new Metrics(), new Metrics({ processMetrics: false })];
    one.counter('http_errors_total', { code: 'x' }).inc();
    expect(await other.text()).not.toContain('http_errors_total');
    expect(await one.text()).toContain('process_cpu_user_seconds_total');
  });

  it.each(Object.entries(metricCatalogue))('%s has a name in base units and a help text', (name, { kind, help }) => {
    expect(name).toMatch(kind === 'counter' ? /^[a-z_]+_total$/ : /^[a-z_]+$/);
    expect(help).toMatch(/^[A-Z].*\.$/);
  });
});

describe('EventLoopDelay', () => {
  it('sees the loop blocked, and starts afresh after a reset', async () => {
    const delay = new EventLoopDelay();
    const metrics = new Metrics({ processMetrics: false });
    delay.exportTo(metrics);
    await until(() => {
      const end = performance.now() + 60;
      while (performance.now() < end);
      return delay.read().longestMs > 30;
    });
    expect(await metrics.text()).toMatch(/event_loop_delay_seconds\{quantile="1"\} 0\.\d/);
    delay.reset();
    expect(delay.read()).toEqual({ p50Ms: 0, p99Ms: 0, p999Ms: 0, longestMs: 0 });
    delay.close();
  });
});

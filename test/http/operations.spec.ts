import { HealthCheck } from '#http';
import { unavailable } from '#kernel';
import { openProbeApp, type ProbeApp } from './support/probe-app.ts';

class Dependency extends HealthCheck {
  failure: Error | undefined;
  constructor(readonly name: string) {
    super();
  }
  check(): Promise<void> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve();
  }
}

interface Readiness {
  readonly status: string;
  readonly details: Readonly<Record<string, { readonly status: string; readonly message?: string }>>;
}

describe('operations', () => {
  let probe: ProbeApp;
  const [store, queue] = [new Dependency('store'), new Dependency('queue')];
  beforeEach(async () => {
    [store.failure, queue.failure] = [undefined, undefined];
    probe = await openProbeApp({ health: [store, queue] });
  });
  afterEach(() => probe.app.close());

  async function ready(): Promise<{ statusCode: number; retryAfter: unknown; body: Readiness }> {
    const { statusCode, headers, body } = await probe.app.inject('/readyz');
    return { statusCode, retryAfter: headers['retry-after'], body: JSON.parse(body) as Readiness };
  }

  it('is ready when all dependencies are', async () => {
    const { statusCode, body } = await ready();
    expect([statusCode, body.status, body.details.store?.status, body.details.queue?.status]).toEqual([
      200,
      'ok',
      'up',
      'up',
    ]);
  });

  it('names the dependency that is away, and nothing of its insides; the process lives on', async () => {
    queue.failure = new Error('connect ECONNREFUSED 10.1.2.3:6379');
    const { statusCode, retryAfter, body } = await ready();
    expect([statusCode, retryAfter, body.status, body.details.store?.status]).toEqual([503, '1', 'error', 'up']);
    expect(body.details.queue).toMatchObject({ status: 'down', message: 'does not answer' });
    expect((await probe.app.inject('/healthz')).statusCode).toBe(200);
    expect(probe.lines.join('')).toContain('ECONNREFUSED 10.1.2.3');
  });

  it('passes on what a dependency has to say to everybody', async () => {
    store.failure = unavailable('the disk is full');
    expect((await ready()).body.details.store).toMatchObject({ status: 'down', message: 'the disk is full' });
  });

  it('counts requests by route and errors by code', async () => {
    const { app, authorization } = probe;
    await app.inject({ url: '/v1/me', headers: { authorization } });
    await app.inject('/v1/posts/x');
    const { body, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('http_request_duration_seconds_count{method="GET",route="/v1/me",status="200"} 1');
    expect(body).toContain('http_request_duration_seconds_count{method="GET",route="/v1/posts/:id",status="400"} 1');
    expect(body).toContain('http_errors_total{code="validation_failed"} 1');
  });
});

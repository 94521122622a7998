import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { HistogramHandle, Metrics } from '#observability';

type ResponseHook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/** The `onResponse` hook that puts a route's durations into its histogram, one per status. */
export function measureRoute(metrics: Metrics, method: string, route: string): ResponseHook {
  const byStatus = new Map<number, HistogramHandle>();
  return (_request, reply, done) => {
    const { statusCode, elapsedTime } = reply;
    let histogram = byStatus.get(statusCode);
    if (!histogram) {
      histogram = metrics.histogram('http_request_duration_seconds', { method, route, status: String(statusCode) });
      byStatus.set(statusCode, histogram);
    }
    histogram.observe(elapsedTime / 1000);
    done();
  };
}

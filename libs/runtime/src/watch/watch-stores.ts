import { isAppError } from '#kernel';
import type { CounterHandle, Metrics } from '#observability';
import type { Stores } from '#storage';
import { methodsOf } from '../port-methods.ts';

interface StoreWatch {
  inFlight: number;
  readonly answered: CounterHandle;
  readonly failed: CounterHandle;
}

/** The same stores, with every call counted: once when it begins, once when it has been answered or has failed. */
export function watchStores(stores: Stores, metrics: Metrics): Stores {
  const watches = new Map<string, StoreWatch>();
  metrics.sample('store_calls_in_flight', function* () {
    for (const [store, { inFlight }] of watches) yield { labels: { store }, value: inFlight };
  });
  const watched: Record<string, unknown> = { close: () => stores.close() };
  for (const [store, port] of Object.entries(stores) as [string, object][]) {
    if (store === 'close') continue;
    const counter = (outcome: string) => metrics.counter('store_calls_total', { store, outcome });
    const watch = { inFlight: 0, answered: counter('answered'), failed: counter('failed') };
    watches.set(store, watch);
    watched[store] = watchPort(port, watch);
  }
  return watched as unknown as Stores;
}

function watchPort(port: object, watch: StoreWatch): object {
  const watched: Record<string, unknown> = {};
  for (const [name, method] of methodsOf(port))
    watched[name] = (...args: unknown[]) => watchCall(method(...args), watch);
  return watched;
}

function watchCall(answer: unknown, watch: StoreWatch): unknown {
  if (!isPromise(answer)) return answer;
  watch.inFlight++;
  const over = (outcome: CounterHandle): void => {
    watch.inFlight--;
    outcome.inc();
  };
  answer.then(
    () => over(watch.answered),
    (error: unknown) => over(isAnswer(error) ? watch.answered : watch.failed),
  );
  return answer;
}

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

const isAnswer = (error: unknown): boolean => isAppError(error) && !isAppError(error, 'unavailable');

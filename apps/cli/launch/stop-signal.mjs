/* global AbortController */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Turns the first signal that asks us to end into an abort. Those that follow change nothing, so an impatient second
 * one does not cut a clean stop short. `release` gives the signals their usual effect again.
 */
export function stopSignal() {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const name of SIGNALS) process.on(name, abort);
  // Whoever read our output may be gone before us; that must not end us in the middle of a stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const release = () => SIGNALS.forEach((name) => process.off(name, abort));
  return { signal: controller.signal, release };
}

import { join, resolve } from 'node:path';
import { freePorts, LocalServer, type StackOptions } from '#local-stack';
import type { Part, Role } from './part.ts';
import type { Parts } from './parts.ts';

interface Service {
  readonly name: string;
  readonly app: string;
  readonly role: Role;
}

const SERVICES: readonly Service[] = [
  { name: 'post', app: 'post-service', role: 'services' },
  { name: 'timeline-1', app: 'timeline-service', role: 'services' },
  { name: 'timeline-2', app: 'timeline-service', role: 'services' },
  { name: 'worker', app: 'fanout-worker', role: 'workers' },
];

/** Migrating a schema takes its time on three nodes of a small machine. */
const READY_WITHIN_MS = 180_000;
/** A service gives itself 30 s to end. */
const GRACE_MS = 35_000;

export interface ServicesOptions extends StackOptions {
  readonly logs: string;
  /** All that the services are told, but where each listens. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The first one makes the schema, on a machine that is busy enough; then the others, all at once. */
export async function startServices(parts: Parts, options: ServicesOptions): Promise<void> {
  options.say('Starting the services ...');
  const ports = await freePorts(SERVICES.length);
  const start = async (service: Service, i: number): Promise<void> => {
    parts.add(service.role, await startService(service, ports[i] ?? 0, options));
  };
  const [first, ...others] = SERVICES.map((service, i) => () => start(service, i));
  await first?.();
  const starts = await Promise.allSettled(others.map((one) => one()));
  for (const one of starts) if (one.status === 'rejected') throw one.reason;
}

async function startService({ name, app }: Service, port: number, options: ServicesOptions): Promise<Part> {
  const { logs, variables, env, signal } = options;
  const address = `http://127.0.0.1:${port}`;
  const server = await LocalServer.start(
    {
      name,
      command: process.execPath,
      args: [resolve('dist/apps', app, 'src/main.js')],
      env: { ...env, ...variables, HOST: '127.0.0.1', PORT: String(port) },
      logFile: join(logs, `${name}.log`),
      graceMs: GRACE_MS,
      readyWithinMs: READY_WITHIN_MS,
      isReady: async () => (await fetch(`${address}/readyz`)).ok,
    },
    signal,
  );
  return { name, address, server };
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface Edge {
  readonly port: number;
  /** For numbers about the edge itself, at `/status`. */
  readonly statusPort: number;
  /** Where each service's instances listen, as `host:port`. */
  readonly posts: readonly string[];
  readonly timelines: readonly string[];
  readonly workers: readonly string[];
}

const TEMPLATE = 'docker/nginx/nginx.conf.template';

/** nginx's configuration for local processes: the template of docker compose, filled in for loopback. */
export function edgeConfiguration({ port, statusPort, posts, timelines, workers }: Edge): string {
  return fillIn(readFileSync(resolve(TEMPLATE), 'utf8'), {
    EDGE_LISTEN: `127.0.0.1:${port}`,
    EDGE_STATUS_LISTEN: `127.0.0.1:${statusPort}`,
    EDGE_WORKERS: '1',
    EDGE_DIR: 'tmp',
    EDGE_RESOLVER: '',
    EDGE_POSTS: serverLines(posts),
    EDGE_TIMELINES: serverLines(timelines),
    EDGE_WORKER_SERVERS: serverLines(workers),
  });
}

const serverLines = (addresses: readonly string[]): string =>
  addresses.map((address) => `server ${address} max_fails=3 fail_timeout=2s;`).join(' ');

/** Replaces `${EDGE_...}`, as the nginx image does. Throws when one has no value. */
function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{(EDGE_\w+)\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${TEMPLATE} asks for ${name}, which nobody gives`);
    return value;
  });
}

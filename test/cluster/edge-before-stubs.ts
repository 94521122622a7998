import { startEdge, type TestEdge } from './start-edge.ts';
import { StubOrigin } from './stub-origin.ts';

/** The edge before services that are told what to answer. */
export interface EdgeBeforeStubs extends TestEdge {
  readonly posts: StubOrigin;
  readonly timelines: readonly [StubOrigin, StubOrigin];
  readonly worker: StubOrigin;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  bothTimelines(handler: StubOrigin['handler']): void;
  /** How often a timeline instance was asked for this. */
  asked(path: string): number;
}

export async function startEdgeBeforeStubs(): Promise<EdgeBeforeStubs> {
  const [posts, worker] = [await StubOrigin.start('posts'), await StubOrigin.start('worker')];
  const timelines = [await StubOrigin.start('timelines'), await StubOrigin.start('timelines')] as const;
  const edge = await startEdge({
    posts: [posts.address],
    timelines: timelines.map(({ address }) => address),
    workers: [worker.address],
  });
  return {
    ...edge,
    posts,
    timelines,
    worker,
    get: (path, headers = {}) => fetch(edge.url + path, { headers }),
    bothTimelines(handler) {
      for (const stub of timelines) stub.handler = handler;
    },
    asked: (path) => timelines[0].count(path) + timelines[1].count(path),
    async stop() {
      await edge.stop();
      await Promise.all([posts, worker, ...timelines].map((stub) => stub.stop()));
    },
  };
}

import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { Endpoint, type Reply, Viewer } from '#http';
import type { UserId } from '#ids';
import { Runtime } from '#runtime';
import { SseSink } from './event-sink.ts';
import { StreamHub } from './stream-hub.ts';

@Controller('v1/feed')
export class StreamController {
  constructor(
    @Inject(StreamHub) private readonly hub: StreamHub,
    @Inject(Runtime) private readonly runtime: Runtime,
  ) {}

  @Get('stream')
  @Endpoint({
    tag: 'feed',
    summary: 'One’s feed, live',
    description:
      'Server-sent events: `post` for each post that enters the feed from now on; resumes by `Last-Event-ID`, at least a ' +
      'minute back. `reset`: posts were missed, read the feed. `dropped`: the reader was too slow. A comment every 15 s.',
    answers: { 200: null },
    streams: true,
  })
  async stream(
    @Viewer() viewer: UserId,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const response = reply.raw;
    let close = (): void => undefined;
    const connect = () => {
      reply.hijack();
      response.writeHead(200, { ...headersOf(reply), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      return new SseSink(response, this.runtime.clock, () => close());
    };
    close = await this.hub.open(viewer, connect, lastEventId);
    response.once('close', close);
    if (response.destroyed) close();
  }
}

/** What the hooks have set; a hijacked reply does not send it by itself. */
function headersOf(reply: Reply): Record<string, string> {
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return Object.fromEntries(headers) as Record<string, string>;
}

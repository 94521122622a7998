import type { ServerResponse } from 'node:http';
import type { BusPosition } from '#fanout';

/** A reader of events who may be slow: what is written and not taken yet is bounded. */
export interface EventSink {
  post(position: BusPosition, json: string): void;
  /** The stream can't go on from where the reader was: read the feed, then go on from here. */
  reset(position: BusPosition): void;
  /** A comment, and the position that is good for a resume now. */
  beat(position: BusPosition): void;
  end(): void;
}

/** Bytes that may wait in one connection; a reader who is further behind is better off with a resume. */
const WAITING_BYTES_MAX = 1 << 20;

/** Server-sent events over an HTTP response. */
export class SseSink implements EventSink {
  constructor(
    private readonly response: ServerResponse,
    private readonly onDropped: () => void,
  ) {}

  post(position: BusPosition, json: string): void {
    this.#write(`id: ${position}\nevent: post\ndata: ${json}\n\n`);
  }

  reset(position: BusPosition): void {
    this.#write(`id: ${position}\nevent: reset\ndata: {}\n\n`);
  }

  /** An id without data dispatches nothing, and is remembered by the reader (WHATWG HTML, 9.2.6). */
  beat(position: BusPosition): void {
    this.#write(`: beat\nid: ${position}\n\n`);
  }

  end(): void {
    this.response.end();
  }

  #write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    this.response.write(text);
    if (this.response.writableLength <= WAITING_BYTES_MAX) return;
    this.response.end('event: dropped\ndata: {"reason":"too_slow"}\n\n');
    this.response.socket?.destroySoon();
    this.onDropped();
  }
}

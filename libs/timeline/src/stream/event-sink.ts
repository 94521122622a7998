import type { ServerResponse } from 'node:http';
import type { BusPosition } from '#fanout';
import type { Clock } from '#kernel';

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

/** How long a stream that has ended may take to hand over what still waits. */
const LAST_WORDS_MS = 2_000;

/** Server-sent events over an HTTP response. */
export class SseSink implements EventSink {
  constructor(
    private readonly response: ServerResponse,
    private readonly clock: Clock,
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
    if (!this.response.writableEnded) this.response.end();
    this.#closeSoon();
  }

  #write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    this.response.write(text);
    if (this.response.writableLength <= WAITING_BYTES_MAX) return;
    this.response.end('event: dropped\ndata: {"reason":"too_slow"}\n\n');
    this.#closeSoon();
    this.onDropped();
  }

  /** A reader who takes nothing more would keep the connection, and what waits in it, for ever. */
  #closeSoon(): void {
    const cancel = this.clock.after(LAST_WORDS_MS, () => this.response.socket?.destroy());
    this.response.once('close', cancel);
  }
}

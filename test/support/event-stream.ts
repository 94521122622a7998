export interface StreamEvent {
  readonly kind: string;
  readonly id: string;
  readonly data: string;
}

/** A reader of server-sent events, as a browser's: it remembers the last id it was sent. */
export class EventStream {
  readonly events: StreamEvent[] = [];
  comments = 0;
  lastEventId = '';
  #ended = false;
  readonly #abort = new AbortController();

  /** Throws the status when it is not 200. */
  static async open(url: string, token: string, lastEventId?: string): Promise<EventStream> {
    const stream = new EventStream();
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const answer = await fetch(url, { headers, signal: stream.#abort.signal });
    if (answer.status !== 200 || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
    void stream.#read(answer.body).catch(() => undefined);
    return stream;
  }

  /** The ids of the posts it was sent, in order. */
  get posts(): string[] {
    return this.events
      .filter((event) => event.kind === 'post')
      .map((event) => (JSON.parse(event.data) as { id: string }).id);
  }

  get ended(): boolean {
    return this.#ended;
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const chunk of body) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } finally {
      this.#ended = true;
    }
  }

  /** An event counts when its empty line has come; so does its id. */
  #take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    if (fields.has('')) this.comments++;
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = fields.get('data');
    if (data !== undefined) this.events.push({ kind: fields.get('event') ?? 'message', id: this.lastEventId, data });
  }
}

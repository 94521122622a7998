/** An answer that was made before it is asked for. */
export interface ReadyAnswer {
  /** JSON in UTF-8, one character for each byte: Node sends such text and the headers in one piece, a Buffer in two. */
  readonly bytes: string;
  readonly etag: string;
}

/** Finds the answer to a GET at once, by the parameters of its path; undefined where it has to be made. Counts what is to be counted. */
export type FindReady = (parameters: Readonly<Record<string, string>>) => ReadyAnswer | undefined;

/** A route's place for what finds its answers. */
export interface ReadySlot {
  find: FindReady | undefined;
}

/**
 * Answers to readers without a token, who all get the same, offered by features for their routes. They are sent before
 * anything of the framework runs: with a viral post that is most of what a read costs.
 */
export class ReadyAnswers {
  readonly #slots = new Map<string, ReadySlot>();

  /** @param url of the route, as it is registered: `/v1/posts/:id`. */
  offer(url: string, find: FindReady): void {
    this.slot(url).find = find;
  }

  slot(url: string): ReadySlot {
    let slot = this.#slots.get(url);
    if (!slot) this.#slots.set(url, (slot = { find: undefined }));
    return slot;
  }
}

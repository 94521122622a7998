import type { UserId } from '#ids';
import type { Relations } from '../relations/relations.ts';
import type { Listener } from './listener.ts';

/** A viewer with connections to this process. */
export interface ConnectedViewer {
  readonly id: UserId;
  readonly listeners: Set<Listener>;
  relations: Relations;
}

/** Which connected viewers a post is for: an index by author, kept as they come, go and change their relations. */
export class Audience {
  readonly #viewers = new Map<UserId, ConnectedViewer>();
  readonly #byAuthor = new Map<UserId, Set<ConnectedViewer>>();

  #listenerCount = 0;

  get listenerCount(): number {
    return this.#listenerCount;
  }

  find(viewer: UserId): ConnectedViewer | undefined {
    return this.#viewers.get(viewer);
  }

  of(author: UserId): Iterable<ConnectedViewer> {
    return this.#byAuthor.get(author) ?? [];
  }

  *listeners(): Iterable<Listener> {
    for (const viewer of this.#viewers.values()) yield* viewer.listeners;
  }

  add(listener: Listener, relations: Relations): ConnectedViewer {
    const { viewer } = relations;
    let connected = this.#viewers.get(viewer);
    if (!connected) {
      connected = { id: viewer, listeners: new Set(), relations };
      this.#viewers.set(viewer, connected);
      this.#enter(connected);
    }
    connected.listeners.add(listener);
    this.#listenerCount++;
    return connected;
  }

  /** May be called again. */
  remove(listener: Listener, viewer: UserId): void {
    const connected = this.#viewers.get(viewer);
    if (!connected?.listeners.delete(listener)) return;
    this.#listenerCount--;
    if (connected.listeners.size > 0) return;
    this.#viewers.delete(viewer);
    this.#leave(connected);
  }

  update(connected: ConnectedViewer, relations: Relations): void {
    if (this.#viewers.get(connected.id) !== connected) return;
    this.#leave(connected);
    connected.relations = relations;
    this.#enter(connected);
  }

  #enter(connected: ConnectedViewer): void {
    for (const author of authorsFor(connected)) {
      const audience = this.#byAuthor.get(author);
      if (audience) audience.add(connected);
      else this.#byAuthor.set(author, new Set([connected]));
    }
  }

  #leave(connected: ConnectedViewer): void {
    for (const author of authorsFor(connected)) {
      const audience = this.#byAuthor.get(author);
      audience?.delete(connected);
      if (audience?.size === 0) this.#byAuthor.delete(author);
    }
  }
}

function* authorsFor({ id, relations }: ConnectedViewer): Iterable<UserId> {
  yield id;
  yield* relations.follows.ids as Iterable<UserId>;
}

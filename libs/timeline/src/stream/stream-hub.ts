import type { BusBatch, BusEvent, BusPosition, PostBus } from '#fanout';
import type { UserId } from '#ids';
import { type Clock, isAppError, pause, unavailable } from '#kernel';
import type { RelationsReader } from '../relations/relations-reader.ts';
import { Audience, type ConnectedViewer } from './audience.ts';
import type { EventSink } from './event-sink.ts';
import type { Listener } from './listener.ts';
import type { PostEvents } from './post-events.ts';

export interface StreamHubOptions {
  readonly beatMs: number;
  readonly listenersMax: number;
  readonly listenersPerViewerMax: number;
}

export const streamHubOptions: StreamHubOptions = { beatMs: 15_000, listenersMax: 10_000, listenersPerViewerMax: 20 };

const BATCH = 500;
const WAIT_MS = 2_000;
const RETRY_MS = 250;
/** Viewers served before other work gets its turn. */
const VIEWERS_PER_TURN = 100;

/**
 * Live events for the viewers connected to this process. One reader follows the bus and serves everybody who is up to
 * date; a listener that resumes reads for itself what it missed, and joins the others once it stands where they do.
 */
export class StreamHub {
  readonly #audience = new Audience();
  #position: BusPosition | undefined;
  #cancelTimer: () => void = () => undefined;
  #stopped = false;

  constructor(
    private readonly bus: PostBus,
    private readonly events: PostEvents,
    private readonly relations: RelationsReader,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
    private readonly options: StreamHubOptions = streamHubOptions,
  ) {}

  /** Streams open in this process. */
  get listeners(): number {
    return this.#audience.listenerCount;
  }

  start(): void {
    void this.#follow();
    this.#scheduleBeat();
  }

  /** Ends all streams; readers resume at another process. A read of the bus that waits is left to its own end. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    for (const { sink } of this.#audience.listeners()) sink.end();
  }

  /**
   * Opens a stream from a position, or from now, and resolves to the function that closes it.
   * @param connect called when nothing stands in the way any more.
   * @throws AppError `validation_failed` for a malformed position, `unavailable`.
   */
  async open(viewer: UserId, connect: () => EventSink, resumeFrom: BusPosition | undefined): Promise<() => void> {
    this.#refuseIfFull(viewer);
    const now = await this.bus.head();
    const reaches = resumeFrom === undefined || (await this.bus.read(resumeFrom, 1, 0)) !== undefined;
    const from = reaches ? (resumeFrom ?? now) : now;
    const relations = await this.relations.load(viewer);
    this.#refuseIfFull(viewer);
    const listener: Listener = { sink: connect(), since: undefined };
    const connected = this.#audience.add(listener, relations);
    if (reaches) listener.sink.beat(from);
    else listener.sink.reset(from);
    this.#catchUp(listener, connected, from).catch(() => listener.sink.end());
    return () => this.#audience.remove(listener, viewer);
  }

  #refuseIfFull(viewer: UserId): void {
    const { listenersMax, listenersPerViewerMax } = this.options;
    if (this.#stopped || this.#audience.listenerCount >= listenersMax) throw unavailable('too many streams');
    const open = this.#audience.find(viewer)?.listeners.size ?? 0;
    if (open >= listenersPerViewerMax) throw unavailable('too many streams of one viewer');
  }

  /** Reads for one listener until it stands where the others do. */
  async #catchUp(listener: Listener, viewer: ConnectedViewer, from: BusPosition): Promise<void> {
    await this.#reload(viewer); // from here on events keep the relations fresh; what changed before is read now
    for (let position = from; viewer.listeners.has(listener);) {
      const batch: BusBatch | undefined = await this.bus.read(position, BATCH, 0);
      if (!batch) {
        position = await this.bus.head();
        listener.sink.reset(position);
        continue;
      }
      for (const { position: at, event } of batch.events) {
        if (event.kind === 'relations' && event.viewer === viewer.id) await this.#reload(viewer);
        if (event.kind === 'post' && concerns(event, viewer)) await this.#send(event, at, [viewer], listener);
      }
      position = batch.next;
      // What lies between here and the common position, if anything, is read in the next round.
      if (this.#position !== undefined && !this.bus.isBehind(position, this.#position)) {
        listener.since = position;
        return;
      }
      if (batch.events.length === 0) await pause(RETRY_MS / 10, this.clock);
    }
  }

  async #follow(): Promise<void> {
    while (!this.#stopped) {
      try {
        this.#position ??= await this.bus.head();
        const batch = await this.bus.read(this.#position, BATCH, WAIT_MS);
        if (batch) await this.#serve(batch);
        else await this.#startOver();
      } catch (error) {
        // Without the bus there is nothing to tell; when it is back it is read on, or the streams are told to start over.
        if (!isAppError(error, 'unavailable')) this.onError(error);
        await pause(RETRY_MS, this.clock);
      }
    }
  }

  async #serve(batch: BusBatch): Promise<void> {
    for (const { position, event } of batch.events) {
      await this.#serveOne(event, position);
      this.#position = position;
    }
    this.#position = batch.next;
  }

  /** What is away is waited for; an event that cannot be served for another reason does not hold up the others. */
  async #serveOne(event: BusEvent, position: BusPosition): Promise<void> {
    try {
      if (event.kind === 'relations') await this.#refresh(event.viewer);
      else await this.#send(event, position, this.#audience.of(event.authorId));
    } catch (error) {
      if (isAppError(error, 'unavailable')) throw error;
      this.onError(error);
    }
  }

  async #send(
    event: Extract<BusEvent, { kind: 'post' }>,
    position: BusPosition,
    viewers: Iterable<ConnectedViewer>,
    only?: Listener,
  ): Promise<void> {
    const audience = [...viewers];
    if (audience.length === 0) return;
    const view = await this.events.load(event.postId);
    if (!view) return;
    for (const [i, { relations, listeners }] of audience.entries()) {
      if (i % VIEWERS_PER_TURN === VIEWERS_PER_TURN - 1) await nextTurn();
      const json = await this.events.presentFor(view, relations);
      if (json === undefined) continue;
      for (const listener of only ? [only] : listeners) {
        if (!only && !this.#wants(listener, position)) continue;
        listener.sink.post(position, json);
        if (!only) listener.since = position; // the event may be served again, when it fails for another viewer
      }
    }
  }

  #wants({ since }: Listener, position: BusPosition): boolean {
    return since !== undefined && this.bus.isBehind(since, position);
  }

  async #refresh(viewer: UserId): Promise<void> {
    const connected = this.#audience.find(viewer);
    if (connected) await this.#reload(connected);
  }

  async #reload(connected: ConnectedViewer): Promise<void> {
    this.#audience.update(connected, await this.relations.load(connected.id));
  }

  /** The bus has lost what we have not read. */
  async #startOver(): Promise<void> {
    this.#position = await this.bus.head();
    for (const listener of this.#audience.listeners()) {
      if (listener.since === undefined) continue;
      listener.since = this.#position;
      listener.sink.reset(this.#position);
    }
  }

  #scheduleBeat(): void {
    this.#cancelTimer = this.clock.after(this.options.beatMs, () => {
      for (const { sink, since } of this.#audience.listeners()) {
        if (since !== undefined && this.#position !== undefined) sink.beat(this.#position);
      }
      if (!this.#stopped) this.#scheduleBeat();
    });
  }
}

function concerns({ authorId }: Extract<BusEvent, { kind: 'post' }>, { id, relations }: ConnectedViewer): boolean {
  return authorId === id || relations.follows.has(authorId);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import type { PostBus } from '#fanout';
import type { UserId } from '#ids';
import { type InboxStore, RELATIONS_TTL_MS } from '#inbox';
import { type Clock, pause } from '#kernel';

/**
 * Makes a change of a viewer's relations known, after it is durable and before it is answered: so that it holds at the
 * viewer's next read, whichever process serves it, and for the next event of their streams.
 */
export class RelationChanges {
  constructor(
    private readonly inboxes: InboxStore,
    private readonly bus: PostBus,
    private readonly newNonce: () => bigint,
    private readonly clock: Clock,
  ) {}

  /** Resolves to what a purge of the viewer's inbox needs to know; undefined for a cold inbox. */
  async announce(viewer: UserId): Promise<{ relations: bigint; covered: bigint } | undefined> {
    const relations = this.newNonce();
    const [covered] = await Promise.all([this.#touch(viewer, relations), this.#tellStreams(viewer)]);
    return covered === undefined ? undefined : { relations, covered };
  }

  async #touch(viewer: UserId, relations: bigint): Promise<bigint | undefined> {
    try {
      return await this.inboxes.touch(viewer, relations);
    } catch {
      // Somebody may still reach the inbox and find the old version there: wait until nobody trusts it any more.
      await pause(RELATIONS_TTL_MS, this.clock);
      return undefined;
    }
  }

  /** Streams that cannot be told have lost their bus: they are told to start over when it is back. */
  async #tellStreams(viewer: UserId): Promise<void> {
    await this.bus.announceRelations(viewer).catch(() => undefined);
  }
}

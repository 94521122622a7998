import type { Memberships } from '#counters';
import type { UserId } from '#ids';
import type { InboxStore } from '#inbox';
import { AppError, type BackgroundTasks } from '#kernel';
import type { BlockStore, MuteStore } from '#storage';
import type { RelationChanges } from './relation-changes.ts';

export interface RelationsWriterStores {
  readonly memberships: Memberships;
  readonly blocks: BlockStore;
  readonly mutes: MuteStore;
  readonly inboxes: InboxStore;
}

/** Follow, block and mute. Every method is idempotent, and says so again to readers each time. */
export class RelationsWriter {
  constructor(
    private readonly stores: RelationsWriterStores,
    private readonly changes: RelationChanges,
    private readonly tasks: BackgroundTasks,
  ) {}

  /** @throws AppError `self_follow`, `blocked`. */
  async follow(viewer: UserId, target: UserId): Promise<void> {
    if (viewer === target) throw new AppError('self_follow');
    await this.#refuseIfBlocked(viewer, target);
    await this.stores.memberships.join('following', viewer, target);
    // A block that came in between has removed the follow already, or has not seen it: then it is removed here.
    await this.#refuseIfBlocked(viewer, target).catch(async (error: unknown) => {
      await this.stores.memberships.leave('following', viewer, target);
      throw error;
    });
    await this.changes.announce(viewer);
  }

  async unfollow(viewer: UserId, target: UserId): Promise<void> {
    await this.stores.memberships.leave('following', viewer, target);
    const seen = await this.changes.announce(viewer);
    if (seen) this.tasks.run(() => this.stores.inboxes.purge(viewer, target, seen));
  }

  /** Hides both ways and removes both follows. @throws AppError `self_block`. */
  async block(viewer: UserId, target: UserId): Promise<void> {
    if (viewer === target) throw new AppError('self_block');
    await this.stores.blocks.put(viewer, target);
    const { memberships } = this.stores;
    await Promise.all([memberships.leave('following', viewer, target), memberships.leave('following', target, viewer)]);
    await this.#announceBoth(viewer, target);
  }

  async unblock(viewer: UserId, target: UserId): Promise<void> {
    await this.stores.blocks.remove(viewer, target);
    await this.#announceBoth(viewer, target);
  }

  /** @throws AppError `self_mute`. */
  async mute(viewer: UserId, target: UserId): Promise<void> {
    if (viewer === target) throw new AppError('self_mute');
    await this.stores.mutes.put(viewer, target);
    await this.changes.announce(viewer);
  }

  async unmute(viewer: UserId, target: UserId): Promise<void> {
    await this.stores.mutes.remove(viewer, target);
    await this.changes.announce(viewer);
  }

  async #refuseIfBlocked(viewer: UserId, target: UserId): Promise<void> {
    const blocked = await this.stores.blocks.findBetween(viewer, [target]);
    if (blocked.size > 0) throw new AppError('blocked');
  }

  async #announceBoth(viewer: UserId, target: UserId): Promise<void> {
    await Promise.all([this.changes.announce(viewer), this.changes.announce(target)]);
  }
}

import { type CleanupJobData, decodeCleanup, type Followers } from '#fanout';
import type { InboxStore } from '#inbox';
import type { OutboxStore } from '#storage';
import type { FollowerPacks } from './fanout-runner.ts';

/** Takes a deleted post out of inboxes. Readers do not see it in any case; this spares them looking at it. */
export class CleanupRunner {
  constructor(
    private readonly followers: Followers,
    private readonly packs: FollowerPacks,
    private readonly inboxes: InboxStore,
    private readonly outbox: OutboxStore,
  ) {}

  async run(data: CleanupJobData): Promise<void> {
    const { postId, authorId, outbox } = decodeCleanup(data);
    for (const chapter of await this.followers.chapters(authorId)) {
      await this.inboxes.withdraw({ postId, authorId }, await this.packs.pack(authorId, chapter));
    }
    await this.outbox.remove(outbox);
  }
}

import type { CountedSets } from '#counters';
import type { Chapter, Followers } from '#fanout';
import type { UserId } from '#ids';

/** An author's followers as the fan-out reads them; a chapter is named `<generation>.<shard>`. */
export class CountedFollowers implements Followers {
  constructor(private readonly sets: CountedSets) {}

  total(author: UserId): Promise<number> {
    return this.sets.total('followers', author);
  }

  async chapters(author: UserId): Promise<readonly Chapter[]> {
    const chapters = await this.sets.chapters('followers', author);
    return chapters.map(({ generation, shard }) => `${generation}.${shard}`);
  }

  pack(author: UserId, chapter: Chapter): Promise<Buffer> {
    const [generation = 0, shard = 0] = chapter.split('.').map(Number);
    return this.sets.pack('followers', author, { generation, shard });
  }
}

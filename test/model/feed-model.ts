/** A user of the model, by number. */
export type User = number;

export interface ModelPost {
  readonly id: bigint;
  readonly author: User;
  /** Of a repost: its original. */
  readonly original: ModelPost | undefined;
  deleted: boolean;
}

/** An entry as a page shows it: the post, and the post whose text it shows. */
export interface Shown {
  readonly id: string;
  readonly root: string;
}

/** The feed as it is defined: pulled from all posts, with the rules as they are now. */
export class FeedModel {
  readonly posts: ModelPost[] = [];
  readonly #follows = new Set<string>();
  readonly #blocks = new Set<string>();
  readonly #mutes = new Set<string>();

  add(id: string, author: User, original?: ModelPost): ModelPost {
    const post = { id: BigInt(id), author, original, deleted: false };
    this.posts.push(post);
    return post;
  }

  /** Posts that can be replied to, reposted, deleted: neither deleted nor reposts of what is. */
  get living(): ModelPost[] {
    return this.posts.filter((post) => !post.deleted && !post.original?.deleted);
  }

  follows(a: User, b: User): boolean {
    return this.#follows.has(`${a}>${b}`);
  }

  setFollow(a: User, b: User, on: boolean): void {
    set(this.#follows, `${a}>${b}`, on);
  }

  setMute(a: User, b: User, on: boolean): void {
    set(this.#mutes, `${a}>${b}`, on);
  }

  setBlock(a: User, b: User, on: boolean): void {
    set(this.#blocks, `${a}>${b}`, on);
    if (!on) return;
    this.setFollow(a, b, false);
    this.setFollow(b, a, false);
  }

  isBlocked(a: User, b: User): boolean {
    return this.#blocks.has(`${a}>${b}`) || this.#blocks.has(`${b}>${a}`);
  }

  repostOf(author: User, original: ModelPost): ModelPost | undefined {
    return this.living.find((post) => post.author === author && post.original === original);
  }

  isVisible(viewer: User, post: ModelPost): boolean {
    if (post.deleted) return false;
    const { author, original } = post;
    if (author !== viewer && (!this.follows(viewer, author) || this.#hides(viewer, author))) return false;
    return !original || (!original.deleted && !this.#hides(viewer, original.author));
  }

  /** All entries of a viewer's feed, newest first, before pages collapse them. */
  entries(viewer: User): Shown[] {
    return this.posts
      .filter((post) => this.isVisible(viewer, post))
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .map((post) => ({ id: String(post.id), root: String(post.original?.id ?? post.id) }));
  }

  /** The pages of a scroll: within each, an original shows once. */
  pages(viewer: User, limit: number): string[][] {
    const pages: string[][] = [];
    let page: string[] = [];
    let roots = new Set<string>();
    for (const { id, root } of this.entries(viewer)) {
      if (page.length === limit) {
        pages.push(page);
        [page, roots] = [[], new Set()];
      }
      if (roots.has(root)) continue;
      roots.add(root);
      page.push(id);
    }
    return [...pages, page];
  }

  #hides(viewer: User, other: User): boolean {
    return viewer !== other && (this.#mutes.has(`${viewer}>${other}`) || this.isBlocked(viewer, other));
  }
}

function set(target: Set<string>, key: string, on: boolean): void {
  if (on) target.add(key);
  else target.delete(key);
}

import type { PostId } from '#ids';
import type { Presenter, PostView } from '#presentation';
import type { BlockStore } from '#storage';
import { authorsOf, isVisible } from '../page/rules.ts';
import type { Relations } from '../relations/relations.ts';

/** A post of the bus for those who may see it: hydrated once for all, judged and presented for each. */
export class PostEvents {
  constructor(
    private readonly presenter: Presenter,
    private readonly blocks: BlockStore,
  ) {}

  /** Undefined when it has been deleted meanwhile. */
  async load(id: PostId): Promise<PostView | undefined> {
    const [view] = await this.presenter.hydrate([id]);
    return view;
  }

  /** As JSON, or undefined when the viewer is not to see it. */
  async presentFor(view: PostView, relations: Relations): Promise<string | undefined> {
    const { viewer, hasBlocks } = relations;
    const blocked = hasBlocks ? await this.blocks.findBetween(viewer, authorsOf([view], viewer)) : new Set<never>();
    if (!isVisible(view, relations, blocked)) return undefined;
    return (await this.presenter.presentOne(view, viewer)).json;
  }
}

export { type AuthorHead, loadHeads, sliceOf } from './author-head.ts';
export { type HeldLookup, type Holding, hydrate, type HydrationSources, type Lookup } from './hydrate.ts';
export { pageJson } from './page-json.ts';
export { type Liked, postJson, type PostNumbers, stableJson } from './post-json.ts';
export { type Authored, type PostView, rootOf } from './post-view.ts';
export { type Peek, type ReadyPost, ReadyPosts, type ReadySources } from './ready-posts.ts';
export { itemsJson, type NumbersFor, type NumberSource, Presenter, ViewCounting } from './presenter.ts';

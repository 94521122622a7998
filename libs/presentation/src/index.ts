export { hydrate, type HydrationSources, type Lookup } from './hydrate.ts';
export { pageJson } from './page-json.ts';
export { type Liked, postJson, type PostNumbers, stableJson } from './post-json.ts';
export { type Authored, type PostView, rootOf } from './post-view.ts';
export { type NumberSource, Presenter, type ViewCounting } from './presenter.ts';

// Starts everything in one process: see launch/serve.mjs. No dependencies and old syntax here, so that an old Node can
// say that it is old.
import { requireNode } from './launch/node-version.mjs';

if (requireNode()) import('./launch/serve.mjs').then(({ serve }) => serve());

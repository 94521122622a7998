// Runs one of the project's commands: see launch/command.mjs. No dependencies and old syntax here, so that an old Node
// can say that it is old.
import { requireNode } from './launch/node-version.mjs';

if (requireNode()) import('./launch/command.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));

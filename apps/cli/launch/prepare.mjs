import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { exclusively } from './lock.mjs';

/** Installs and builds what is missing or out of date; does nothing, quickly, when nothing is. */
export async function prepare(say, signal) {
  if (isInstalled() && isBuilt()) return;
  await exclusively(
    async () => {
      if (!isInstalled()) await install(say, signal);
      if (!isBuilt()) await build(say, signal);
    },
    say,
    signal,
  );
}

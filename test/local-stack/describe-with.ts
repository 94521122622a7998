import { spawnSync } from 'node:child_process';

/** A `describe` for tests that need programs; without them it is skipped, and says so on stderr and in its name. */
export function describeWith(programs: readonly string[], name: string, tests: () => void): void {
  const missing = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const reason = `LEFT OUT, because this machine has no ${missing.join(' and no ')}`;
  process.stderr.write(`\n${name}: ${reason}\n`);
  describe.skip(`${name} (${reason})`, tests);
}

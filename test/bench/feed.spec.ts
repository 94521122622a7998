import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from './report/report.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

describe('the bench of the feed', () => {
  it('runs in tiny numbers, and says of every goal what was measured', async () => {
    const program = join(root, 'dist', 'test', 'bench', 'run-bench.js');
    await run(process.execPath, ['--expose-gc', program, 'feed', '--short'], { cwd: root });
    const report = JSON.parse(readFileSync(join(root, '.local', 'bench', 'feed.json'), 'utf8')) as Report;
    expect(report.sections).toHaveLength(7);
    expect(report.sections.every(({ rows, columns }) => rows.every((row) => row.length === columns.length))).toBe(true);
    const goals = report.sections.flatMap((section) => section.goals ?? []);
    expect(goals.map(({ what }) => what)).toHaveLength(6);
    expect(goals.filter(({ measured }) => !/^\d/.test(measured))).toEqual([]);
  }, 300_000);
});

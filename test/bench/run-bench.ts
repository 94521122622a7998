import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, toMarkdown, writeReport } from './report/report.ts';

// One bench in a process of its own: run-bench.js NAME [--short]. Run from the top directory, with dist built.
const [name = '', ...flags] = process.argv.slice(2);
const short = flags.includes('--short');
const alive = setInterval(() => undefined, 1000); // timers of the system clock do not keep a process alive
if (!readdirSync(import.meta.dirname).includes(name)) throw new Error(`there is no bench ${name}`);
const { run } = (await import(join(import.meta.dirname, name, 'index.js'))) as { run: Bench };
const report = await run({ short, say: (line) => console.error(line) });
// What a short run measures is not worth keeping beside the figures.
const folder = short ? join('.local', 'bench') : join('test', 'bench', 'reports');
writeReport(folder, name, report);
console.log(`${toMarkdown(report)}\n${join(folder, name)}.md`);
clearInterval(alive);
process.exit(0);

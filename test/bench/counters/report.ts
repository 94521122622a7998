import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Section {
  readonly title: string;
  /** What was measured and how, in a sentence or two. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Report {
  readonly title: string;
  readonly at: string;
  readonly machine: string;
  readonly sections: readonly Section[];
}

export function newReport(title: string, sections: readonly Section[], at: Date): Report {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  const machine = `${cpus().length} x ${cpu?.model ?? 'unknown'}, ${memory}, Node ${process.version}, load ${load}`;
  return { title, at: at.toISOString(), machine: `${machine}, commit ${commitHash()}`, sections };
}

/** Writes `<name>.md` and `<name>.json` into the folder. */
export function writeReport(folder: string, name: string, report: Report): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), toMarkdown(report));
}

export function toMarkdown({ title, at, machine, sections }: Report): string {
  const head = `# ${title}\n\n${at.slice(0, 16)}Z, ${machine}. The machine is shared: trust ratios within a table.\n`;
  return [head, ...sections.map(sectionToMarkdown)].join('\n');
}

function sectionToMarkdown({ title, about, columns, rows }: Section): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const table = [line(columns), line(columns.map(() => '---')), ...rows.map(line)];
  return `## ${title}\n\n${about}\n\n${table.join('\n')}\n`;
}

function commitHash(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'unknown';
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, environmentNow } from './environment.ts';

/** Programs that want to run at once, for each processor, from which on a report says that it was disturbed. */
const OVERLOAD = 3;
const OVERLOADED =
  '**Other work held the processors:** every program waited for its turn most of the time. What needs several programs in ' +
  'turn (the application and Redis) suffers more from that than what needs one; measure again on a quiet machine.';

/** What a bench is told. */
export interface BenchOptions {
  /** Tiny numbers: to see that all of it still runs, not to measure. */
  readonly short: boolean;
  readonly say: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Report>;

export interface Goal {
  readonly what: string;
  /** As a reader would say it: `>= 0.4`. */
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Section {
  readonly title: string;
  /** What was measured and how, in a sentence or two. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly goals?: readonly Goal[];
}

export interface Report extends Environment {
  readonly title: string;
  /** When it was finished. */
  readonly at: string;
  readonly sections: readonly Section[];
}

/** A ratio or a time against its goal; `measured` is rounded for the reader, after it was compared. */
export function goalOf(what: string, measured: number, relation: '>=' | '<=', bound: number, unit = ''): Goal {
  const digits = Math.abs(measured) < 100 ? 2 : 0;
  const met = relation === '>=' ? measured >= bound : measured <= bound;
  return { what, goal: `${relation} ${bound}${unit}`, measured: `${measured.toFixed(digits)}${unit}`, met };
}

export function newReport(title: string, sections: readonly Section[], at: Date): Report {
  return { title, at: at.toISOString(), ...environmentNow(), sections };
}

/** Writes `<name>.md` and `<name>.json` into the folder. */
export function writeReport(folder: string, name: string, report: Report): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), toMarkdown(report));
}

export function toMarkdown(report: Report): string {
  const { title, at, machine, processors, load, versions, commit, sections } = report;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const head = [
    `# ${title}`,
    `${at.slice(0, 16)}Z, commit ${commit}. ${machine}, load ${load.toFixed(1)} at the end. ${named.join(', ')}.`,
    'The machine is shared: trust ratios within a table.',
    ...(load > OVERLOAD * processors ? [OVERLOADED] : []),
  ];
  const goals = sections.flatMap((section) => section.goals ?? []);
  return `${[...head, ...goalsToMarkdown(goals), ...sections.map(sectionToMarkdown)].join('\n\n')}\n`;
}

function goalsToMarkdown(goals: readonly Goal[]): string[] {
  if (goals.length === 0) return [];
  const rows = goals.map(({ what, goal, measured, met }) => [what, goal, measured, met ? 'yes' : '**no**']);
  return ['## Goals', table(['what', 'goal', 'measured', 'met'], rows)];
}

function sectionToMarkdown({ title, about, columns, rows }: Section): string {
  return `## ${title}\n\n${about}\n\n${table(columns, rows)}`;
}

function table(columns: readonly string[], rows: Section['rows']): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { errorCatalogue } from '#kernel';

const root = join(import.meta.dirname, '..', '..');
const LINES_MAX = 300;
const MEDIAN_LINES_MAX = 110;

/** Source files of the repository, as paths from its root. */
function filesBelow(dir: string): string[] {
  return readdirSync(join(root, dir)).flatMap((name) => {
    const path = join(dir, name);
    if (['node_modules', 'dist', 'reports'].includes(name)) return [];
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const files = ['apps', 'libs', 'test', 'docker'].flatMap((dir) => (existsSync(join(root, dir)) ? filesBelow(dir) : []));
const code = files.filter((path) => /\.(ts|mjs)$/.test(path));
const sources = code.filter((path) => path.startsWith('libs/') && !path.endsWith('.spec.ts'));
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const linesOf = (path: string) => textOf(path).split('\n').length;

describe('the house', () => {
  it('keeps files short', () => {
    expect(code.filter((path) => linesOf(path) > LINES_MAX)).toEqual([]);
    const lengths = sources.map(linesOf).sort((a, b) => a - b);
    expect(lengths[lengths.length >> 1]).toBeLessThan(MEDIAN_LINES_MAX);
  });

  it('names files in kebab case, after the one thing inside', () => {
    const odd = code.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.(ts|mjs)$/.test(basename(path)));
    expect(odd).toEqual([]);
  });

  it('has no rag bags', () => {
    const bag = /(^|\/)(utils?|helpers?|common|misc|types)(\.ts|\/|$)/;
    expect(files.filter((path) => bag.test(path))).toEqual([]);
  });

  it('has no dead files: every source is imported by another, or is an entry', () => {
    const imported = new Set<string>();
    for (const path of code) {
      for (const [, target] of textOf(path).matchAll(/(?:from|import\(?)\s*['"](\.[^'"]+)['"]/g)) {
        imported.add(relative(root, join(root, dirname(path), target ?? '')));
      }
    }
    const entry =
      /(\/index\.ts|^apps\/[^/]+\/src\/(main|[a-z0-9-]+)\.ts|\.spec\.ts|\.d\.ts|\/assets\/page\.mjs|^test\/(bench|k6)\/)/;
    const dead = code.filter(
      (path) => /^(libs|apps\/.*\/src)\//.test(path) && !entry.test(path) && !imported.has(path),
    );
    expect(dead).toEqual([]);
  });

  it('leaves nothing undone in the code', () => {
    const marks = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX'].join(''));
    expect(code.filter((path) => marks.test(textOf(path)))).toEqual([]);
  });

  it('does not sleep in tests', () => {
    const sleep = /await new Promise\(\(?\w*\)? => setTimeout\(|timers\/promises/;
    const allowed = /^test\/(support|bench|local-stack|k6)\//; // what polls, and what drives processes
    const specs = code.filter((path) => (path.endsWith('.spec.ts') || path.startsWith('test/')) && !allowed.test(path));
    expect(specs.filter((path) => sleep.test(textOf(path)))).toEqual([]);
  });

  it('heads Lua scripts with their contract and names them by their number of keys', () => {
    const scripts = files.filter((path) => path.endsWith('.lua'));
    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter((path) => !/\.(\d+|n)\.lua$/.test(path))).toEqual([]);
    expect(scripts.filter((path) => !/^-- [^\n]+\n(-- [^\n]*\n)*-- KEYS/.test(textOf(path)))).toEqual([]);
  });

  it('documents every error, and no other', () => {
    const table = /## Errors\n([\s\S]*?)\n## /.exec(textOf('README.md'))?.[1] ?? '';
    const rows = [...table.matchAll(/^\| (\d{3}) +\| `(\w+)`/gm)].map(([, status, name]) => `${name} ${status}`);
    const codes = Object.entries(errorCatalogue).map(([name, { status }]) => `${name} ${status}`);
    expect(rows.sort()).toEqual(codes.sort());
  });

  it('has a line in the code map for every lib and every app', () => {
    const map = textOf('ARCHITECTURE.md');
    const names = [...readdirSync(join(root, 'libs')), ...readdirSync(join(root, 'apps'))];
    expect(names.filter((name) => !map.includes(`\`${name}\``))).toEqual([]);
  });

  it('has only commands in the README that package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const used = [...textOf('README.md').matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(
      ([, name]) => name ?? '',
    );
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
  });
});

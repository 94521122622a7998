import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { etagOf } from '#http';

export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
}

const FOLDER = join(import.meta.dirname, '..', '..', 'assets');

const PAGE = 'page.html';
const OTHERS = [
  'page.css',
  'icon.svg',
  'page.mjs',
  'show.mjs',
  'chart.mjs',
  'element.mjs',
  'number.mjs',
  'api.mjs',
] as const;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page and what it is made of, read once. */
export function readPageFiles(): PageFile[] {
  return [readPageFile(PAGE, '/ops'), ...OTHERS.map((name) => readPageFile(name, `/ops/${name}`))];
}

function readPageFile(name: string, path: string): PageFile {
  const bytes = readFileSync(join(FOLDER, name));
  return { path, type: TYPES[extname(name)] ?? '', bytes, etag: etagOf(bytes) };
}

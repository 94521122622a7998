import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** Who follows whom, by handle. */
export interface Graph {
  readonly handles: readonly string[];
  /** Pairs of positions in `handles`: the first follows the second. */
  readonly follows: readonly (readonly [number, number])[];
}

/** Reads lines `a<TAB>b` (a follows b), gzipped where the name ends in `.gz`; lines that begin with `#` are comments. */
export async function readGraph(path: string): Promise<Graph> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => input.destroy(error));
  const positions = new Map<string, number>();
  const follows: [number, number][] = [];
  const positionOf = (number: string): number => {
    const handle = `u${number.padStart(2, '0')}`;
    let position = positions.get(handle);
    if (position === undefined) positions.set(handle, (position = positions.size));
    return position;
  };
  let line = 0;
  for await (const text of createInterface({ input })) {
    line++;
    if (text.startsWith('#') || text.trim() === '') continue;
    const match = /^(\d{1,20})\t(\d{1,20})\s*$/.exec(text);
    if (!match?.[1] || !match[2])
      throw new Error(`${path}, line ${line}: expected two numbers with a tab between them`);
    if (match[1] !== match[2]) follows.push([positionOf(match[1]), positionOf(match[2])]);
  }
  return { handles: [...positions.keys()], follows };
}

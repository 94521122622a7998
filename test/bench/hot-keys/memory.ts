import { execFileSync } from 'node:child_process';
import { bytesCodec, HotCache, idKeys, jsonCodec } from '#hot-cache';
import type { PostId } from '#ids';
import { systemClock } from '#kernel';
import type { Section } from '../report/report.ts';

const BUDGET = 64 << 20;
const KINDS = ['post objects', 'texts of 2 KB', 'texts of 100 characters, Cyrillic', 'bytes of 1 KB'] as const;
type Kind = (typeof KINDS)[number];

/** L1 filled well beyond its budget, and what the process really holds for it. */
export function memory(): Section {
  const rows = KINDS.map((kind) => {
    const program = [import.meta.filename, kind];
    const [entries, real] = execFileSync(process.execPath, ['--expose-gc', ...program], { encoding: 'utf8' })
      .split(' ')
      .map(Number);
    return [kind, entries ?? 0, Math.round((real ?? 0) / 1024 / 1024), ((real ?? 0) / BUDGET).toFixed(2)];
  });
  const about = `A budget of ${BUDGET >> 20} MiB, the heap measured after full collections in a process of its own. Goal: within a tenth.`;
  return { title: 'Real memory of L1', about, columns: ['values', 'entries', 'MiB held', 'of the budget'], rows };
}

async function fill(kind: Kind): Promise<void> {
  const cache = new HotCache({ clock: systemClock, chance: Math.random, techniques: { detection: false } });
  const codec = kind === 'bytes of 1 KB' ? bytesCodec : jsonCodec();
  const load = (ids: readonly PostId[]) =>
    Promise.resolve(ids.map((id) => codec.decode(codec.encode(valueOf(kind, id)))));
  const region = cache.region({ name: 'r', keys: idKeys<PostId>(), codec, load, bytesMax: BUDGET, flightsBurst: 1e9 });
  const before = held();
  for (let i = 0; i < 300_000; i++) await region.get(((1n << 60n) + BigInt(i)) as PostId);
  const after = held();
  console.log(cache.snapshot.local.r?.main ?? 0, after - before);
}

function valueOf(kind: Kind, id: PostId): unknown {
  if (kind === 'bytes of 1 KB') return Buffer.alloc(1_024, Number(id % 256n));
  if (kind === 'texts of 2 KB') return String(id).padEnd(2_048, 'x');
  if (kind === 'texts of 100 characters, Cyrillic') return String(id).padEnd(100, 'ж');
  return {
    id,
    authorId: id + 1n,
    text: String(id).padEnd(140, 'x'),
    createdAtMs: Date.now(),
    replyTo: undefined,
    likes: 5,
  };
}

function held(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

if (process.argv[1] === import.meta.filename) await fill(process.argv[2] as Kind);

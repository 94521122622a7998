import { idKeys, jsonCodec, HotCache, SpaceSaving } from '#hot-cache';
import type { PostId } from '#ids';
import { systemClock } from '#kernel';
import type { Section } from '../report/report.ts';

const READS = 2_000_000;
const BASE = 1n << 60n;

/** What a read costs that L1 answers, and what counting it adds. */
export async function costs(): Promise<Section> {
  const keys = zipf(100_000);
  const rows: (string | number)[][] = [
    ['count a key, zipf', count(keys)],
    [
      'count a key, every one another',
      count(Array.from({ length: 1_000_000 }, (_, i) => (BASE + BigInt(i)) as PostId)),
    ],
  ];
  for (const detection of [false, true]) rows.push(...(await hits(keys, detection)));
  const about = 'Nanoseconds, on one core, ids as keys. Goal: counting <= 200 ns a read.';
  return { title: 'Cost of a read that L1 answers', about, columns: ['what', 'ns'], rows };
}

async function hits(keys: readonly PostId[], detection: boolean): Promise<(string | number)[][]> {
  const cache = new HotCache({ clock: systemClock, chance: Math.random, techniques: { detection } });
  const load = (ids: readonly PostId[]) => Promise.resolve(ids.map((id) => ({ id })));
  const region = cache.region({
    name: 'r',
    keys: idKeys<PostId>(),
    codec: jsonCodec<{ id: PostId }>(),
    load,
    flightsBurst: 1e6,
  });
  for (const key of new Set(keys)) await region.get(key);
  const label = detection ? 'detection on' : 'detection off';
  const pages = Array.from({ length: 1_000 }, (_, i) => keys.slice(i * 20, i * 20 + 20));
  return [
    [`peek, ${label}`, time(READS, (i) => region.peek(keys[i % keys.length] ?? keys[0]!))],
    [`get, ${label}`, time(READS, (i) => region.get(keys[i % keys.length] ?? keys[0]!))],
    [`getMany of 20, each, ${label}`, time(READS / 20, (i) => region.getMany(pages[i % 1_000] ?? [])) / 20],
  ].map(([what, ns]) => [what ?? '', Math.round(Number(ns))]);
}

function count(keys: readonly PostId[]): number {
  const sketch = new SpaceSaving<PostId>(1_024);
  return Math.round(time(keys.length, (i) => sketch.add(keys[i]!)));
}

function zipf(n: number): PostId[] {
  return Array.from({ length: n }, () => (BASE + BigInt(Math.floor(1 / (Math.random() + 1 / 10_000)))) as PostId);
}

/** Nanoseconds for each call, the best of three. */
function time(calls: number, call: (i: number) => unknown): number {
  const run = (): number => {
    const startMs = performance.now();
    for (let i = 0; i < calls; i++) call(i);
    return ((performance.now() - startMs) * 1e6) / calls;
  };
  return Math.min(run(), run(), run());
}

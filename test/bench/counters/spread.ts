import { anybody, type BenchEngine, newId, newSets, scaled, type SingleCopies } from './bench-engine.ts';
import { drive } from './load.ts';
import { goalOf, type Section } from '../report/report.ts';

const USERS = 512;
const LIKES = 60_000;

/** How the nodes share the writes to one viral post when each partition is on one node. */
export async function spread(engine: BenchEngine): Promise<Section> {
  const copies = await engine.keepSingleCopies?.();
  if (!copies) throw new Error('there is one node');
  const rows: (string | number)[][] = [];
  let busiest = NaN;
  for (const growths of [0, 1, 2, 3]) {
    const writes = await writesByNode(copies, growths, scaled(engine, LIKES));
    const mean = writes.reduce((sum, own) => sum + own, 0) / writes.length;
    busiest = Math.max(...writes) / mean;
    rows.push([4 ** growths, ...writes, busiest.toFixed(2)]);
  }
  return {
    title: `Spread over nodes, ${engine.name.replace(/RF .*/, 'RF 1')}`,
    about: `Writes to the post's counted set that each node has done for ${scaled(engine, LIKES)} likes by ${USERS} users at once, with one copy of everything.`,
    columns: ['shards', 'node 1', 'node 2', 'node 3', 'busiest / mean'],
    rows,
    goals: [goalOf('busiest of three nodes against their mean, 64 shards', busiest, '<=', 2, ' x')],
  };
}

async function writesByNode(copies: SingleCopies, growths: number, likes: number): Promise<number[]> {
  const sets = newSets(copies.setStore);
  const post = newId();
  for (let i = 0; i < growths; i++) await sets.grow('likes', post);
  await drive(USERS, USERS, () => sets.add('likes', post, anybody())); // the seals
  const before = await copies.nodeWrites();
  await drive(USERS, likes, () => sets.add('likes', post, anybody()));
  const after = await copies.nodeWrites();
  return after.map((count, i) => count - (before[i] ?? 0));
}

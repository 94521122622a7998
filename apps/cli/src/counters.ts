import { Operator } from './operator/operator.ts';

const USAGE = `usage: npm run counters -- check [all-hot]            count what is hot anew, member by member
       npm run counters -- check post ID | user @NAME  the same of one post or user
       npm run counters -- show  post ID | user @NAME  counts, shard by shard
       npm run counters -- grow  post ID               four times the shards for its likes, ahead of a crowd`;

interface Subject {
  readonly kind: string;
  readonly id: string;
  readonly generations: readonly number[];
}
interface Check extends Subject {
  readonly members: number;
  readonly drift: number;
  readonly doubles: number;
  readonly busyShards: number;
}
interface Shown extends Subject {
  readonly total: number;
  readonly shards: readonly { readonly generation: number; readonly shard: number; readonly total: number }[];
}
interface Answer<Item> {
  readonly items: readonly Item[];
}

/** How often a set is counted that changes all the time. */
const TRIES = 5;
const PAUSE_MS = 500;
const SHOWN_MAX = 10;

/** Counts for operators. The exit code of a check is 1 where a count was wrong, 2 where one would not hold still. */
export async function main([command, what = 'all-hot', name = '']: string[]): Promise<number> {
  const path = pathOf(command, what, name);
  const operator = await Operator.open(process.env);
  if (command === 'check') return check(operator, path);
  const { items } = await operator.call<Answer<Shown>>(command === 'grow' ? 'POST' : 'GET', path);
  for (const item of items) show(item);
  return 0;
}

function pathOf(command: string | undefined, what: string, name: string): string {
  const suffix = { check: '/check', grow: '/grow', show: '' }[command ?? ''];
  if (suffix !== undefined) {
    if (what === 'post' && /^[1-9]\d*$/.test(name)) return `/v1/ops/counters/posts/${name}${suffix}`;
    if (what === 'user' && /^(@\w{3,30}|\d+)$/.test(name) && command !== 'grow')
      return `/v1/ops/counters/users/${encodeURIComponent(name)}${suffix}`;
    if (what === 'all-hot' && command === 'check') return '/v1/ops/counters/check';
  }
  throw new Error(USAGE);
}

async function check(operator: Operator, path: string): Promise<number> {
  for (let left = TRIES; ; left--) {
    const { items } = await operator.call<Answer<Check>>('POST', path);
    const isBusy = items.some(({ busyShards }) => busyShards > 0);
    const isWrong = items.some(({ drift, doubles }) => drift !== 0 || doubles > 0);
    if (!isBusy || isWrong || left === 1) {
      report(items);
      return isWrong ? 1 : isBusy ? 2 : 0;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The largest are shown, and all that are not as they should be. */
function report(checks: readonly Check[]): void {
  const largest = checks.toSorted((a, b) => b.members - a.members).slice(0, SHOWN_MAX);
  const shown = checks.filter((c) => largest.includes(c) || c.drift !== 0 || c.doubles > 0 || c.busyShards > 0);
  for (const { kind, id, members, drift, doubles, busyShards, generations } of shown) {
    const twice = doubles > 0 ? `, ${doubles} counted twice` : '';
    const busy = busyShards > 0 ? `, ${busyShards} shards too busy to be counted` : '';
    console.log(`${kind} of ${id}: ${members} members in ${shardsOf(generations)}: drift ${drift}${twice}${busy}`);
  }
  const drift = checks.reduce((sum, found) => sum + Math.abs(found.drift) + found.doubles, 0);
  console.log(`${checks.length} sets checked, drift ${drift}${drift > 0 ? ': repaired' : ''}`);
}

function show({ kind, id, total, generations, shards }: Shown): void {
  console.log(`${kind} of ${id}: ${total} in ${shardsOf(generations)}`);
  if (shards.length === 1) return;
  for (const { generation, shard, total: own } of shards) if (own > 0) console.log(`  ${generation}.${shard}: ${own}`);
}

function shardsOf(generations: readonly number[]): string {
  const shards = generations.reduce((sum, count) => sum + count, 0);
  return shards === 1 ? '1 shard' : `${shards} shards (${generations.join(' + ')})`;
}

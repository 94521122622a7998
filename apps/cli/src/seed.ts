import { parseArgs } from 'node:util';
import { Operator } from './operator/operator.ts';
import { readGraph } from './seeding/graph-file.ts';
import { planSeed, type SeedSizes } from './seeding/seed-plan.ts';
import { Seeder } from './seeding/seeder.ts';
import { describeShowCase } from './seeding/show-case.ts';
import { writeTokenFile } from './seeding/token-file.ts';

const USAGE = `usage: npm run seed -- [--graph FILE.tsv.gz] [--users N] [--celebrities N] [--followers N] [--posts N] [--tokens FILE]
  Fills a running server. FILE holds lines a<TAB>b: a follows b. --followers: of each celebrity. N counts in all: running
  it again adds what is missing. --tokens writes [{handle, id, token}] of every user, readable by you alone.`;

const DEFAULTS: SeedSizes = { users: 1000, celebrities: 2, followers: 500, posts: 5000 };
const WITH_GRAPH: SeedSizes = { users: 0, celebrities: 0, followers: 0, posts: 0 };

export async function main(args: string[]): Promise<number> {
  const { graph: file, tokens, ...sizes } = readArgs(args);
  const operator = await Operator.open(process.env);
  const graph = file === undefined ? undefined : await readGraph(file);
  const plan = planSeed(graph, { ...(graph ? WITH_GRAPH : DEFAULTS), ...sizes });
  const users = await new Seeder(operator).run(plan);
  console.log(describeShowCase(plan, operator.base));
  if (tokens === undefined) return 0;
  await writeTokenFile(tokens, users, operator);
  console.log(`\n${users.length} tokens are in ${tokens}`);
  return 0;
}

function readArgs(args: string[]): Partial<SeedSizes> & { graph?: string; tokens?: string } {
  const text = { type: 'string' } as const;
  const options = { graph: text, tokens: text, users: text, celebrities: text, followers: text, posts: text };
  try {
    const { graph, tokens, ...numbers } = parseArgs({ args, options }).values;
    const sizes = Object.entries(numbers).map(([name, value]) => [name, count(value)]);
    return {
      ...(graph !== undefined && { graph }),
      ...(tokens !== undefined && { tokens }),
      ...(Object.fromEntries(sizes) as Partial<SeedSizes>),
    };
  } catch {
    throw new Error(USAGE);
  }
}

function count(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new Error('not a number');
  return Number(text);
}

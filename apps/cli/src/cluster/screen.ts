import { relative } from 'node:path';
import type { Environment } from '#local-stack';
import type { Part } from './part.ts';
import type { Parts } from './parts.ts';

/** What runs where, and what can be done with it. */
export function describeCluster(parts: Parts, env: Environment): string[] {
  const all = parts.all();
  const width = Math.max(...all.map(({ address }) => address.length));
  const [edge] = parts.of('edge');
  return ['', ...all.map((part) => lineOf(part, width)), '', ...(edge ? whatToDo(edge, env) : withoutEdge(parts))];
}

function lineOf({ name, address, server: { pid, spec } }: Part, width: number): string {
  return `  ${name.padEnd(11)}  ${address.padEnd(width)}  pid ${String(pid).padEnd(7)}  ${relative('.', spec.logFile)}`;
}

function whatToDo({ address }: Part, env: Environment): string[] {
  const rates = env.RATE_LIMITS === 'on' ? 'limited per client' : 'not limited (RATE_LIMITS=on limits them)';
  return [
    `  API       ${address}/v1; rates are ${rates}`,
    `  operate   ${address}/ops, with a token of: npm run --silent token -- --handle operator --ops`,
    '  fill it   npm run seed -- --users 1000 --celebrities 3 --followers 500 --posts 5000',
    `  load it   npm run k6 -- viral-post --base-url ${address}`,
    ...sameVariables(env),
    '  stop it   Ctrl-C',
    '',
    `ready ${address}`,
  ];
}

/** The other commands find server and secret by the same variables. */
function sameVariables(env: Environment): string[] {
  const set = ['PORT', 'DATA_DIR', 'AUTH_SECRET'].filter((name) => env[name]);
  return set.length === 0 ? [] : [`            (in another terminal, with the same ${set.join(', ')})`];
}

function withoutEdge(parts: Parts): string[] {
  const [post, ...timelines] = parts.of('services').map(({ address }) => address);
  return [
    '  There is no nginx on this machine, hence no edge and no single base URL. On Debian and Ubuntu: apt-get install nginx',
    `  Writes and accounts are at ${post}, reads, feeds and streams at ${timelines.join(' and ')}.`,
    '',
    `ready ${timelines[0]}`,
  ];
}

import { Operator } from './operator/operator.ts';

const USAGE = `usage: npm run feed -- audit @handle     compare a viewer's inbox with the truth
       npm run feed -- rebuild @handle   throw it away and build it anew
       npm run feed -- vacuum            clean up what was left behind: outbox rows, inboxes without an end`;

interface Audit {
  readonly inbox: string;
  readonly entries: number;
  readonly floor: string;
  readonly missing: string[];
  readonly extra: string[];
}

/** Repairs for operators. The exit code of an audit is 1 when something is missing. */
export async function main([command, user = '']: string[]): Promise<number> {
  const path = `/v1/ops/feeds/${encodeURIComponent(user)}`;
  const isUser = /^(@\w{3,30}|\d+)$/.test(user);
  if (command === 'vacuum') return vacuum(await Operator.open(process.env));
  if (!isUser || (command !== 'audit' && command !== 'rebuild')) throw new Error(USAGE);
  const operator = await Operator.open(process.env);
  if (command === 'audit') return report(user, await operator.call<Audit>('GET', `${path}/audit`));
  return report(user, await operator.call<Audit>('POST', `${path}/rebuild`));
}

function report(user: string, { inbox, entries, floor, missing, extra }: Audit): number {
  console.log(`${user}: inbox ${inbox}, ${entries} entries, complete above ${floor}`);
  console.log(`missing: ${missing.length === 0 ? 'none' : missing.join(' ')}`);
  console.log(`extra:   ${extra.length === 0 ? 'none' : extra.join(' ')}`);
  return missing.length === 0 ? 0 : 1;
}

async function vacuum(operator: Operator): Promise<number> {
  const { outboxRows, inboxes } = await operator.call<{ outboxRows: number; inboxes: number }>(
    'POST',
    '/v1/ops/vacuum',
  );
  console.log(`outbox rows dispatched again: ${outboxRows}`);
  console.log(`inboxes that have an end now: ${inboxes}`);
  return 0;
}

import { parseArgs } from 'node:util';
import { Operator } from './operator/operator.ts';

const USAGE = `usage: npm run token -- --handle NAME [--ops]
  Prints a token for the account NAME; with --ops one with the operators' scope, which needs no account.`;

export async function main(args: string[]): Promise<number> {
  const { handle, ops } = readArgs(args);
  const operator = await Operator.open(process.env);
  const userId = await operator.findUserId(handle).catch((error: unknown) => {
    if (ops) return undefined; // the server need not run for this
    throw error;
  });
  if (userId === undefined && !ops) throw new Error(`there is no account @${handle}`);
  console.log(await operator.issueToken(userId, ops));
  return 0;
}

function readArgs(args: string[]): { handle: string; ops: boolean } {
  const options = { handle: { type: 'string' }, ops: { type: 'boolean', default: false } } as const;
  try {
    const { handle, ops } = parseArgs({ args, options }).values;
    if (handle !== undefined && /^@?\w{3,30}$/.test(handle))
      return { handle: handle.replace('@', '').toLowerCase(), ops };
  } catch {
    // answered below
  }
  throw new Error(USAGE);
}

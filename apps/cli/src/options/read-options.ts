import { parseArgs, type ParseArgsConfig } from 'node:util';
import { StackError } from '#local-stack';

/** The options of a command. @throws StackError the usage, where they are not those of the command. */
export function readOptions<Config extends ParseArgsConfig>(config: Config, usage: string) {
  try {
    return parseArgs(config);
  } catch {
    throw new StackError(usage);
  }
}

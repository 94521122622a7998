export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
}

/** Everything that is wrong with the environment at once. Names variables and never shows what they hold. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, problem }) => `${variable} ${problem}`).join('\n'));
  }
}

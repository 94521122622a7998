/** Built-in errors are defects of ours, for which the place matters; all others were worded for people. */
const DEFECTS = new Set(['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError', 'AssertionError']);

export function tell(error) {
  const isDefect = !(error instanceof Error) || DEFECTS.has(error.name);
  console.error(isDefect ? error : error.message);
}

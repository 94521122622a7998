/** Something about this machine or its settings that a person has to put right; the message says what, without secrets. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

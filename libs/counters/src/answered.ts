/** The answer to a question that was asked: a store answers each one, in order. */
export function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('the store left a question open');
  return answer;
}

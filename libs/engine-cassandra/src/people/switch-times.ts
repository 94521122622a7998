/**
 * For how long a relation that was lifted is kept as `false`: while it is there, its write time can be read, and the next
 * write be made later than it, whatever the clock of the next writer says. Clocks are seconds apart, not hours.
 */
const LIFTED_S = 86_400;

/** How long a relation's cell lives: 0 is for ever. */
export function ttlOf(on: boolean): number {
  return on ? 0 : LIFTED_S;
}

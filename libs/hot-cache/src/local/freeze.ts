/**
 * Freezes a plain value with everything in it: one object in L1 is handed to all its readers, and what one of them changed
 * would be everybody's. Bytes cannot be frozen and are left alone; frozen subtrees are not walked again.
 */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
  return value;
}

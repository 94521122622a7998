/** A list in the contract's form, from items that are JSON already. */
export function pageJson(items: readonly string[], nextCursor: string | null, state?: string): Buffer {
  const cursor = nextCursor === null ? 'null' : `"${nextCursor}"`;
  const end = state === undefined ? '}' : `,"state":"${state}"}`;
  return Buffer.from(`{"items":[${items.join(',')}],"nextCursor":${cursor}${end}`);
}

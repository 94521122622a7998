/** How many rows or statements one step deals with. */
const AT_ONCE = 64;

/** Works on all items, a limited number at once, so that one large call leaves others their turn. */
export async function inSteps<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  atOnce = AT_ONCE,
): Promise<void> {
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, runner));
}

/** How many partitions are read side by side at most. */
const WIDTH_MAX = 8;

/**
 * Reads partitions one after the other until there are enough ids: at first one, then two side by side, then four, since
 * the first has enough for most, and whoever needs more needs many.
 */
export async function walk<Partition, Id extends bigint>(
  partitions: readonly Partition[],
  limit: number,
  read: (partition: Partition) => Promise<Id[]>,
): Promise<Id[]> {
  const ids: Id[] = [];
  for (let at = 0, width = 1; at < partitions.length && ids.length < limit; width = Math.min(WIDTH_MAX, 2 * width)) {
    const lists = await Promise.all(partitions.slice(at, at + width).map(read));
    for (const list of lists) ids.push(...list);
    at += width;
  }
  return ids.slice(0, limit);
}

import type { Cluster } from 'ioredis';

const SLOTS = 16_384;
/** Each of 16k slots is likely to be hit by one of so many tags; far fewer do for a handful of masters. */
const TAGS_TRIED = 4_096;

type SlotRange = [first: number, last: number, master: [host: string, port: number], ...replicas: unknown[]];

/**
 * One hash tag for each master of a cluster, such that a key with the tag lives there. Looked up, not guessed: suffixes on a
 * key reach 4 of 6 masters, a tag around the key puts all its copies into one slot.
 */
export class NodeTags {
  #tags: readonly string[] = [];
  #refreshing: Promise<void> | undefined;
  readonly #refreshSoon = (): void => void this.refresh();

  constructor(private readonly cluster: Cluster) {
    cluster.on('+node', this.#refreshSoon);
    cluster.on('-node', this.#refreshSoon);
    cluster.on('ready', this.#refreshSoon);
  }

  get current(): readonly string[] {
    return this.#tags;
  }

  /** Keeps the last known tags where the cluster does not answer: they are still tags, if of other nodes. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#lookUp()
      .catch(() => undefined)
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  close(): void {
    for (const event of ['+node', '-node', 'ready']) this.cluster.off(event, this.#refreshSoon);
  }

  async #lookUp(): Promise<void> {
    const ranges = (await this.cluster.cluster('SLOTS')) as unknown as SlotRange[];
    this.#tags = tagsOf(ranges);
  }
}

/** For tests: the smallest number that, as a tag, falls to each master, in the order of the masters' first slots. */
export function tagsOf(ranges: readonly SlotRange[]): string[] {
  const masters = new Array<string | undefined>(SLOTS);
  for (const [first, last, [host, port]] of ranges) masters.fill(`${host}:${port}`, first, last + 1);
  const tags = new Map<string, string>();
  const wanted = new Set(masters.filter((master) => master !== undefined)).size;
  for (let n = 0; n < TAGS_TRIED && tags.size < wanted; n++) {
    const master = masters[slotOf(String(n))];
    if (master !== undefined && !tags.has(master)) tags.set(master, String(n));
  }
  return [...tags.values()];
}

/** CRC16 (XMODEM), as Redis Cluster's specification asks, of a hash tag. */
export function slotOf(tag: string): number {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % SLOTS;
}

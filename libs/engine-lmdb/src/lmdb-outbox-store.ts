import type { PostId } from '#ids';
import { type OutboxEntry, OutboxStore } from '#storage';
import { idIn, idKey } from './keys.ts';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';

const KINDS = ['created', 'deleted'] as const;

export function outboxKey(entry: OutboxEntry): Buffer {
  return idKey(entry.id);
}

/** The post (8 bytes) and what happened to it (1). */
export function outboxValue(entry: OutboxEntry): Buffer {
  return Buffer.concat([idKey(entry.postId), Buffer.from([KINDS.indexOf(entry.kind)])]);
}

export class LmdbOutboxStore extends OutboxStore {
  readonly #outbox: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#outbox = env.table('outbox');
  }

  async remove(entry: OutboxEntry): Promise<void> {
    await this.env.write(() => this.#outbox.removeSync(outboxKey(entry)));
  }

  async list(after: bigint, before: bigint, limit: number): Promise<OutboxEntry[]> {
    const rows = this.#outbox.getRange({ start: idKey(after + 1n), end: idKey(before), limit });
    return Array.from(rows, ({ key, value }) => ({
      id: idIn(key, 0),
      kind: KINDS[value[8] ?? 0] ?? 'created',
      postId: idIn(value, 0) as PostId,
    }));
  }

  async compact(): Promise<void> {
    // Removed rows leave nothing behind here.
  }
}

import { setImmediate } from 'node:timers/promises';
import { ABOVE_ALL_IDS } from '#ids';
import { CountedSetStore, type CountedSubject, type Pack, type Shard, type ShardCommit } from '#storage';
import type { ShardHead, ShardRead, ShardState, SubjectPage } from '#storage';
import type { LmdbEnvironment, Table } from '../lmdb-environment.ts';
import { IndexRows } from './index-rows.ts';
import { lastShardKey, memberKey, SHARD_BYTES, shardKey, subjectIn, subjectKey } from './shard-keys.ts';
import { decodeHead, decodePack, encodeHead, encodePack } from './shard-record.ts';

/** How many rows are read before other work gets its turn: about half a millisecond. */
const LIST_SLICE = 1000;

export class LmdbCountedSetStore extends CountedSetStore {
  readonly #heads: Table;
  readonly #members: Table;
  readonly #layouts: Table;
  readonly #packs: Table;
  readonly #index: IndexRows;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#heads = env.table('counted-heads');
    this.#members = env.table('counted-members');
    this.#layouts = env.table('counted-layouts');
    this.#packs = env.table('counted-packs');
    this.#index = new IndexRows(env);
  }

  async read(reads: readonly ShardRead[]): Promise<ShardState[]> {
    return reads.map(({ shard, members }) => {
      const head = this.#head(shard);
      const since = members.map((member) => this.#members.get(memberKey(shard, member))?.readBigUInt64BE(0));
      return { ...head, since };
    });
  }

  commit(shard: Shard, ifVersion: number, commit: ShardCommit): Promise<boolean> {
    return this.env.write(() => {
      if (this.#head(shard).version !== ifVersion) return false;
      for (const { member, since } of commit.changes) {
        if (since === undefined) this.#members.removeSync(memberKey(shard, member));
        else this.#members.putSync(memberKey(shard, member), timeValue(since));
      }
      commit.rows?.forEach((row) => this.#index.settle(row));
      this.#heads.putSync(shardKey(shard), encodeHead({ ...commit, version: ifVersion + 1 }));
      return true;
    });
  }

  async heads(shards: readonly Shard[]): Promise<ShardHead[]> {
    return shards.map((shard) => this.#head(shard));
  }

  async list(shard: Shard, after: bigint, limit: number): Promise<Buffer> {
    const slices: Buffer[] = [];
    for (let left = limit, from = after; left > 0; left -= LIST_SLICE) {
      const slice = this.#slice(shard, from, Math.min(left, LIST_SLICE));
      slices.push(slice);
      if (slice.length < 8 * LIST_SLICE) break;
      from = slice.readBigUInt64BE(slice.length - 8);
      await setImmediate();
    }
    return Buffer.concat(slices);
  }

  async loadLayout(subject: CountedSubject): Promise<number[]> {
    return this.#layout(subject);
  }

  publish(subject: CountedSubject, known: readonly number[], shards: number): Promise<boolean> {
    return this.env.write(() => {
      const layout = this.#layout(subject);
      if (layout.length !== known.length || layout.some((count, i) => count !== known[i])) return false;
      this.#layouts.putSync(subjectKey(subject), encodeLayout([...layout, shards]));
      return true;
    });
  }

  async findPack(shard: Shard): Promise<Pack | undefined> {
    const value = this.#packs.get(shardKey(shard));
    return value && decodePack(value);
  }

  async putPack(shard: Shard, pack: Pack): Promise<void> {
    const value = encodePack(pack);
    await this.env.write(() => this.#packs.putSync(shardKey(shard), value));
  }

  async listSubjects(after: Buffer | undefined, limit: number): Promise<SubjectPage> {
    const keys = Array.from(this.#heads.getKeys({ ...(after && { start: after, exclusiveStart: true }), limit }));
    const subjects = keys.map(subjectIn).filter((s, i, all) => s.id !== all[i - 1]?.id || s.kind !== all[i - 1]?.kind);
    const last = subjects.at(-1);
    return { subjects, next: keys.length < limit || last === undefined ? undefined : lastShardKey(last) };
  }

  #head(shard: Shard): ShardHead {
    return decodeHead(this.#heads.get(shardKey(shard)));
  }

  #layout(subject: CountedSubject): number[] {
    const value = this.#layouts.get(subjectKey(subject));
    return value ? decodeLayout(value) : [1];
  }

  #slice(shard: Shard, after: bigint, limit: number): Buffer {
    const ids = Buffer.allocUnsafe(8 * limit);
    let length = 0;
    const range = { start: memberKey(shard, after), exclusiveStart: true, end: memberKey(shard, ABOVE_ALL_IDS), limit };
    for (const key of this.#members.getKeys(range)) {
      key.copy(ids, length, SHARD_BYTES);
      length += 8;
    }
    return ids.subarray(0, length);
  }
}

function timeValue(since: bigint): Buffer {
  const value = Buffer.allocUnsafe(8);
  value.writeBigUInt64BE(since);
  return value;
}

/** Two bytes for the shards of each generation. */
function encodeLayout(layout: readonly number[]): Buffer {
  const value = Buffer.allocUnsafe(2 * layout.length);
  layout.forEach((shards, generation) => value.writeUInt16BE(shards, 2 * generation));
  return value;
}

function decodeLayout(value: Buffer): number[] {
  return Array.from({ length: value.length / 2 }, (_, generation) => value.readUInt16BE(2 * generation));
}

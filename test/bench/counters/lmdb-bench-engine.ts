import type { BenchEngine, PlainDesigns } from './bench-engine.ts';
import { embeddedCounterLimits } from '#counters';
import { LmdbCountedSetStore, LmdbEnvironment, LmdbMemberIndexStore, type Table } from '#engine-lmdb';
import { tempDir } from '#test';

export function openLmdbBenchEngine(scale: number): BenchEngine {
  const dir = tempDir();
  const env = LmdbEnvironment.open(dir.path);
  return {
    name: 'LMDB',
    setStore: new LmdbCountedSetStore(env),
    indexStore: new LmdbMemberIndexStore(env),
    plain: new LmdbPlainDesigns(env),
    limits: embeddedCounterLimits,
    inOnePiece: true,
    scale,
    async close() {
      await env.close();
      dir.remove();
    },
  };
}

class LmdbPlainDesigns implements PlainDesigns {
  readonly #likes: Table;
  readonly #counters: Table;

  constructor(private readonly env: LmdbEnvironment) {
    this.#likes = env.table('plain-likes');
    this.#counters = env.table('plain-counters');
  }

  likeSpread(post: bigint, user: bigint): Promise<void> {
    return this.env.write(() => {
      const key = keyOf(user, post);
      if (!this.#likes.get(key)) this.#likes.putSync(key, ONE);
    });
  }

  likeConditionally(post: bigint, user: bigint): Promise<void> {
    return this.env.write(() => {
      const key = keyOf(post, user);
      if (this.#likes.get(key)) return;
      this.#likes.putSync(key, ONE);
      this.#add(keyOf(post, 0n));
    });
  }

  increment(post: bigint, shard: number): Promise<void> {
    return this.env.write(() => this.#add(keyOf(post, BigInt(shard))));
  }

  readCounters(post: bigint, shards: number): Promise<number> {
    const counts = Array.from({ length: shards }, (_, i) => this.#counters.get(keyOf(post, BigInt(i))));
    return Promise.resolve(counts.reduce((sum, count) => sum + (count?.readUIntBE(0, 6) ?? 0), 0));
  }

  #add(key: Buffer): void {
    const value = Buffer.alloc(6);
    value.writeUIntBE((this.#counters.get(key)?.readUIntBE(0, 6) ?? 0) + 1, 0, 6);
    this.#counters.putSync(key, value);
  }
}

const ONE = Buffer.from([1]);

function keyOf(a: bigint, b: bigint): Buffer {
  const key = Buffer.allocUnsafe(16);
  key.writeBigUInt64BE(a);
  key.writeBigUInt64BE(b, 8);
  return key;
}

import { unavailable } from '#kernel';
import { CountedSetStore, type CountedSubject, type Pack, type Shard, type ShardCommit } from '#storage';
import type { IndexSettlement, ShardHead, ShardRead, ShardState, SubjectPage } from '#storage';

/** How a write ends. `in doubt`: no answer, and it takes effect at the next look at its shard or never. */
export type Fate = 'done' | 'refused' | 'done without answer' | 'in doubt: done' | 'in doubt: lost';

/** Decides, at each step of each client, when it goes on and how it ends. */
export interface Fates {
  /** Resolves when the step may happen. */
  step(label: string): Promise<void>;
  next(label: string): Fate;
}

export const kindFates: Fates = { step: () => Promise.resolve(), next: () => 'done' };

interface Partition {
  head: ShardHead;
  readonly members: Map<bigint, bigint>;
  doubts: (() => void)[];
}

/**
 * The truth behind simulated clients: a store in memory with the unknown outcomes of a replicated one, which an embedded
 * engine cannot show. It passes the contract suite of the engines.
 */
export class SimulatedCluster {
  readonly #partitions = new Map<string, Partition>();
  readonly #layouts = new Map<string, { layout: number[]; readonly doubts: (() => void)[] }>();
  readonly packs = new Map<string, Pack>();

  /** @param index rows that are written in one piece with the sets; undefined: there are none. */
  constructor(readonly index?: { settle(rows: readonly IndexSettlement[]): void }) {}

  connect(fates: Fates = kindFates): SimulatedStore {
    return new SimulatedStore(this, fates);
  }

  partition(shard: Shard): Partition {
    const key = keyOf(shard);
    let partition = this.#partitions.get(key);
    if (!partition) {
      partition = { head: { total: 0, version: 0, sealed: false, commitId: 0n }, members: new Map(), doubts: [] };
      this.#partitions.set(key, partition);
    }
    return partition;
  }

  /** Ends all doubts about a partition, as a serial read or a conditional write does. */
  resolve(shard: Shard): Partition {
    const partition = this.partition(shard);
    for (const doubt of partition.doubts.splice(0)) doubt();
    return partition;
  }

  layout(subject: CountedSubject): number[] {
    return this.resolveLayout(subject).layout;
  }

  resolveLayout({ kind, id }: CountedSubject) {
    let known = this.#layouts.get(`${kind} ${id}`);
    if (!known) this.#layouts.set(`${kind} ${id}`, (known = { layout: [1], doubts: [] }));
    for (const doubt of known.doubts.splice(0)) doubt();
    return known;
  }

  /** Every shard with what is in it, once nothing is in doubt any more. */
  contents(subject: CountedSubject): { shard: Shard; head: ShardHead; members: bigint[] }[] {
    const shards = this.layout(subject).flatMap((count, generation) =>
      Array.from({ length: count }, (_, shard) => ({ ...subject, generation, shard })),
    );
    return shards.map((shard) => {
      const { head, members } = this.resolve(shard);
      return { shard, head, members: [...members.keys()].sort((a, b) => (a < b ? -1 : 1)) };
    });
  }

  subjects(): CountedSubject[] {
    return [...this.#partitions].filter(([, p]) => p.head.version > 0).map(([key]) => subjectOf(key));
  }
}

/** One client of the cluster: a process's way to the store. */
export class SimulatedStore extends CountedSetStore {
  #dead = false;

  constructor(
    private readonly cluster: SimulatedCluster,
    private readonly fates: Fates,
  ) {
    super();
  }

  /** The process is gone: nothing that it has asked for is ever answered. */
  kill(): void {
    this.#dead = true;
  }

  async read(reads: readonly ShardRead[]): Promise<ShardState[]> {
    const states: ShardState[] = [];
    for (const { shard, members } of reads) {
      await this.#step(`read ${keyOf(shard)}`);
      const partition = this.cluster.resolve(shard);
      states.push({ ...partition.head, since: members.map((member) => partition.members.get(member)) });
    }
    await this.#step('answer of read');
    if (this.fates.next('read') === 'refused') throw unavailable('read: refused');
    return states;
  }

  async commit(shard: Shard, ifVersion: number, commit: ShardCommit): Promise<boolean> {
    const label = `commit ${keyOf(shard)} over ${ifVersion}`;
    await this.#step(label);
    const partition = this.cluster.resolve(shard);
    const apply = () => {
      if (partition.head.version !== ifVersion) return false;
      const { total, sealed, commitId } = commit;
      partition.head = { total, sealed, commitId, version: ifVersion + 1 };
      for (const { member, since } of commit.changes) {
        if (since === undefined) partition.members.delete(member);
        else partition.members.set(member, since);
      }
      if (commit.rows) this.cluster.index?.settle(commit.rows);
      return true;
    };
    const done = await this.#write(label, apply, partition.doubts);
    await this.#step('answer of commit');
    return done;
  }

  async publish(subject: CountedSubject, known: readonly number[], shards: number): Promise<boolean> {
    const label = `publish ${subject.id} ${String(known)},${shards}`;
    await this.#step(label);
    const kept = this.cluster.resolveLayout(subject);
    const append = () => {
      if (String(kept.layout) !== String(known)) return false;
      kept.layout = [...known, shards];
      return true;
    };
    return this.#write(label, append, kept.doubts);
  }

  async loadLayout(subject: CountedSubject): Promise<number[]> {
    await this.#step(`layout ${subject.id}`);
    return this.cluster.layout(subject);
  }

  async heads(shards: readonly Shard[]): Promise<ShardHead[]> {
    await this.#step('heads');
    return shards.map((shard) => this.cluster.resolve(shard).head);
  }

  async list(shard: Shard, after: bigint, limit: number): Promise<Buffer> {
    await this.#step(`list ${keyOf(shard)}`);
    const ids = [...this.cluster.resolve(shard).members.keys()].filter((id) => id > after);
    const bytes = BigUint64Array.from(ids).sort().slice(0, limit);
    return Buffer.from(bytes.buffer).swap64();
  }

  async findPack(shard: Shard): Promise<Pack | undefined> {
    await this.#step(`pack ${keyOf(shard)}`);
    return this.cluster.packs.get(keyOf(shard));
  }

  async putPack(shard: Shard, pack: Pack): Promise<void> {
    await this.#step(`put pack ${keyOf(shard)}`);
    this.cluster.packs.set(keyOf(shard), pack);
  }

  async listSubjects(after: Buffer | undefined, limit: number): Promise<SubjectPage> {
    await this.#step('subjects');
    const from = after?.readUInt32BE(0) ?? 0;
    const subjects = this.cluster.subjects().slice(from, from + limit);
    const next = Buffer.alloc(4);
    next.writeUInt32BE(from + limit);
    return { subjects, next: subjects.length < limit ? undefined : next };
  }

  #write(label: string, apply: () => boolean, doubts: (() => void)[]): Promise<boolean> {
    const fate = this.fates.next(label);
    if (fate === 'done') return Promise.resolve(apply());
    if (fate === 'done without answer') apply();
    if (fate === 'in doubt: done') doubts.push(apply);
    return Promise.reject(unavailable(`${label}: ${fate}`));
  }

  async #step(label: string): Promise<void> {
    await this.fates.step(label);
    if (this.#dead) await new Promise(() => undefined);
  }
}

function keyOf({ kind, id, generation, shard }: Shard): string {
  return `${kind}/${id}/${generation}/${shard}`;
}

function subjectOf(key: string): CountedSubject {
  const [kind, id] = key.split('/') as [CountedSubject['kind'], string];
  return { kind, id: BigInt(id) };
}

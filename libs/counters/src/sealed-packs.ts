import type { CountedSetStore, Shard, ShardState } from '#storage';
import { answered } from './answered.ts';
import type { Background } from './background.ts';
import { packHas, readPack } from './packs.ts';
import { lineage } from './placement.ts';

interface Sealed {
  /** For how many members it was asked since it was met, or since its pack was last sought. */
  asked: number;
  /** Its members at some time after it was sealed. */
  pack: Buffer | undefined;
}

/** A pack pays when the shard has been asked for so large a part of its members. */
const ASKED_SHARE = 1 / 8;
const SHARDS_MAX = 20_000;
const BYTES_MAX = 32 << 20;

/**
 * Reads shards together with their ancestors, which must all be sealed and without a member before the shard may take it.
 * A sealed shard only shrinks: who is not in a pack of it never will be in it. So after some questions its pack is kept,
 * and it is asked again only about those who are in there. Without that, every group for every shard would come by the
 * one shard of the oldest generation. Least recently used packs go first.
 */
export class SealedPacks {
  readonly #shards = new Map<string, Sealed>();
  #bytes = 0;

  constructor(
    private readonly store: CountedSetStore,
    private readonly background: Background,
  ) {}

  /** States of the ancestors, oldest first, and then of the shard, each with an answer for every member. */
  async readLineage(shard: Shard, layout: readonly number[], members: readonly bigint[]): Promise<ShardState[]> {
    if (shard.generation === 0) return this.store.read([{ shard, members }]);
    const reads = lineage(shard, layout).map((s) => ({
      shard: s,
      members: s === shard ? members : this.#suspects(s, members),
    }));
    const asked = reads.filter((read) => read.shard === shard || read.members.length > 0);
    const answers = await this.store.read(asked);
    const states = new Map(asked.map((read, i) => [read.shard, answered(answers[i])]));
    for (const read of asked) {
      const state = answered(states.get(read.shard));
      if (read.shard !== shard && state.sealed) this.#met(read.shard, state.total, read.members.length);
    }
    return reads.map((read) => spread(states.get(read.shard) ?? SEALED, read.members, members));
  }

  /** The members that the shard may have, as far as its pack tells. */
  #suspects(shard: Shard, members: readonly bigint[]): readonly bigint[] {
    const key = nameOf(shard);
    const sealed = this.#shards.get(key);
    if (sealed?.pack === undefined) return members;
    const { pack } = sealed;
    this.#shards.delete(key);
    this.#shards.set(key, sealed);
    return members.filter((member) => packHas(pack, member));
  }

  #met(shard: Shard, total: number, asked: number): void {
    const key = nameOf(shard);
    const sealed = this.#shards.get(key) ?? { asked: 0, pack: undefined };
    this.#shards.set(key, sealed);
    sealed.asked += asked;
    if (sealed.pack === undefined && sealed.asked >= total * ASKED_SHARE) {
      sealed.asked = 0;
      this.background.run('packing', this.#load(shard, sealed));
    }
    this.#shrink();
  }

  /** Where it fails the shard goes on being asked, and is sought again later. */
  async #load(shard: Shard, sealed: Sealed): Promise<void> {
    const pack = await readPack(this.store, shard);
    if (this.#shards.get(nameOf(shard)) !== sealed || sealed.pack) return;
    sealed.pack = pack;
    this.#bytes += pack.length;
    this.#shrink();
  }

  #shrink(): void {
    for (const [key, { pack }] of this.#shards) {
      if (this.#shards.size <= SHARDS_MAX && this.#bytes <= BYTES_MAX) return;
      this.#shards.delete(key);
      this.#bytes -= pack?.length ?? 0;
    }
  }
}

const SEALED: ShardState = Object.freeze({ total: 0, version: 0, sealed: true, commitId: 0n, since: [] });

/** The state with an answer for all members: those who were not asked for are not there. */
function spread(state: ShardState, asked: readonly bigint[], members: readonly bigint[]): ShardState {
  if (asked === members) return state;
  const since = new Map(asked.map((member, i) => [member, state.since[i]]));
  return { ...state, since: members.map((member) => since.get(member)) };
}

function nameOf({ kind, id, generation, shard }: Shard): string {
  return `${kind} ${id} ${generation} ${shard}`;
}

import type { CountedSetStore, Shard, ShardRead, ShardState } from '#storage';
import { answered } from './answered.ts';
import type { Background } from './background.ts';
import { packHas, readPack } from './packs.ts';
import { lineage } from './placement.ts';

/** A shard of an older generation, and what to call it: the same for good, as generations are only added. */
export interface Ancestor {
  readonly shard: Shard;
  readonly name: string;
}

/** Where the members of a shard may be beside it, oldest generation first. */
export function ancestorsOf(shard: Shard, layout: readonly number[]): Ancestor[] {
  return lineage(shard, layout)
    .slice(0, -1)
    .map((older) => ({ shard: older, name: `${older.kind} ${older.id} ${older.generation} ${older.shard}` }));
}

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

  /** States of the ancestors and then of the shard, each with what it has of the members. */
  async readLineage(shard: Shard, ancestors: readonly Ancestor[], members: readonly bigint[]): Promise<ShardState[]> {
    const suspects = ancestors.map(({ name }) => this.#suspects(name, members));
    const reads: ShardRead[] = [];
    suspects.forEach((own, i) => own.length > 0 && reads.push({ shard: answered(ancestors[i]).shard, members: own }));
    reads.push({ shard, members });
    const answers = await this.store.read(reads);
    let next = 0;
    const states = suspects.map((own, i) => {
      if (own.length === 0) return WITHOUT_THEM;
      const state = answered(answers[next++]);
      if (state.sealed) this.#met(answered(ancestors[i]), state.total, own.length);
      return spread(state, own, members);
    });
    states.push(answered(answers[next]));
    return states;
  }

  /** The members that the shard may have, as far as its pack tells. */
  #suspects(name: string, members: readonly bigint[]): readonly bigint[] {
    const sealed = this.#shards.get(name);
    if (sealed?.pack === undefined) return members;
    const { pack } = sealed;
    this.#shards.delete(name);
    this.#shards.set(name, sealed);
    return members.filter((member) => packHas(pack, member));
  }

  #met({ shard, name }: Ancestor, total: number, asked: number): void {
    const sealed = this.#shards.get(name) ?? { asked: 0, pack: undefined };
    this.#shards.set(name, sealed);
    sealed.asked += asked;
    if (sealed.pack === undefined && sealed.asked >= total * ASKED_SHARE) {
      sealed.asked = 0;
      this.background.run('packing', this.#load({ shard, name }, sealed));
    }
    this.#shrink();
  }

  /** Where it fails the shard goes on being asked, and is sought again later. */
  async #load({ shard, name }: Ancestor, sealed: Sealed): Promise<void> {
    const pack = await readPack(this.store, shard);
    if (this.#shards.get(name) !== sealed || sealed.pack) return;
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

/** Of a sealed shard that has none of the members asked about. */
const WITHOUT_THEM: ShardState = Object.freeze({ total: 0, version: 0, sealed: true, commitId: 0n, since: [] });

/** The state with an answer for all members: those who were not asked for are not there. */
function spread(state: ShardState, asked: readonly bigint[], members: readonly bigint[]): ShardState {
  if (asked === members) return state;
  const since = new Map(asked.map((member, i) => [member, state.since[i]]));
  return { ...state, since: members.map((member) => since.get(member)) };
}

/** What the shared tier holds for a name. Times are durations by the tier's own clock, so that no two clocks are compared. */
export interface SharedRecord {
  /** Undefined where the thing is known not to exist. */
  readonly payload: Buffer | undefined;
  /** Grows with every fill and every invalidation of the name; minted by the tier. */
  readonly version: number;
  /** The version of the name's last invalidation, as far as the tier remembers: what names its copies. */
  readonly epoch: number;
  /** How long it stays fresh; zero or less where it is stale. */
  readonly freshMs: number;
  /** What its last refresh took: to be given the lease, and to load. */
  readonly loadMs: number;
}

export interface AcquireRequest {
  readonly name: string;
  /** A record below this version is as good as invalidated: it is dropped and not handed out. */
  readonly floor: number;
  /** 16 characters, unique for each request: proves the lease, if it is given. */
  readonly token: string;
  /** Asks for the lease of a record that is still fresh (early refresh), if it is the one of this version; else 0. */
  readonly earlyOf: number;
}

export interface Acquired {
  /**
   * `fresh`: the record is good. `lease`: the caller is the one to load; a record that comes with it is stale (or, when
   * asked early, fresh). `wait`: somebody else is loading; a record that comes with it is stale.
   */
  readonly state: 'fresh' | 'lease' | 'wait';
  readonly record: SharedRecord | undefined;
}

export interface Fill {
  readonly name: string;
  /** The token of the lease held; `empty`: only where nothing is there and nothing was invalidated of late; or `always`. */
  readonly condition: { readonly token: string } | 'empty' | 'always';
  readonly payload: Buffer | undefined;
  /** How long it is kept: freshness and grace together. */
  readonly keepMs: number;
  readonly loadMs: number;
}

/** How long a stale record may still be handed out, and how long a lease lasts without being used. */
export interface AcquireTerms {
  readonly graceMs: number;
  readonly leaseMs: number;
}

/**
 * L2: the tier that the processes share, with leases that let one of them load (Nishtala et al., "Scaling Memcache at
 * Facebook", NSDI 2013). Every method takes a batch and answers in its order; a batch is one round trip, and each name in
 * it is decided on atomically and alone.
 *
 * Absence is a state like others. Failure: rejects, possibly after the effect; repeating any call is harmless. Nothing
 * here is a source of truth: the tier may forget any record at any time, tokens included, which costs a load.
 */
export abstract class SharedTier {
  abstract acquire(requests: readonly AcquireRequest[], terms: AcquireTerms): Promise<Acquired[]>;

  /** Reads without asking for a lease, and possibly from a replica that lags. Undefined where there is nothing. */
  abstract read(names: readonly string[], graceMs: number): Promise<(SharedRecord | undefined)[]>;

  /** Stores where the condition still holds: the version given to the record, or 0 where it was refused. */
  abstract fill(fills: readonly Fill[]): Promise<number[]>;

  /** Gives leases back without a value; those not held any more are left alone. */
  abstract release(leases: readonly { name: string; token: string }[]): Promise<void>;

  /** Drops the records and voids the leases: what was loaded before can't be filled any more. The new versions. */
  abstract invalidate(names: readonly string[]): Promise<number[]>;

  /** Puts a record under another name, as it is, for `keepMs`. */
  abstract copy(name: string, record: SharedRecord, keepMs: number): Promise<void>;

  /** One hash tag for each node, such that a name that carries it lives there; empty where there is only one node. */
  abstract tags(): readonly string[];
}

/** How much of everything: what is measured, or as little as shows that it runs. */
export interface Sizes {
  /** Followers of the author whose fan-out is timed. */
  readonly crowd: number;
  readonly fanouts: number;
  /** Members of the sorted sets that `redis-benchmark` adds. */
  readonly peerAdds: number;
  /** Sorted sets that hold as many entries as an inbox does at its cap. */
  readonly fullSets: number;
  readonly big: { readonly authors: number; readonly followers: number };
  /** Posts of a small author that are timed, idle and under load. */
  readonly probes: number;
  readonly creations: number;
  readonly readers: { readonly viewers: number; readonly celebrities: number; readonly ordinary: number };
  readonly celebrityFollowers: number;
  readonly rounds: number;
  readonly roundMs: number;
  readonly rebuilds: number;
  readonly deep: {
    readonly follows: number;
    readonly celebrities: number;
    readonly posts: number;
    /** Age of the youngest post when the scroll begins: below ten seconds nothing that was read of them is kept. */
    readonly ageMs: number;
  };
  readonly pages: number;
  /** Inboxes whose memory is looked at. */
  readonly weighed: number;
}

export const fullSizes: Sizes = {
  crowd: 100_000,
  fanouts: 12,
  peerAdds: 400_000,
  fullSets: 1_000,
  big: { authors: 4, followers: 9_999 },
  probes: 200,
  creations: 800,
  readers: { viewers: 32, celebrities: 50, ordinary: 100 },
  celebrityFollowers: 150,
  rounds: 15,
  roundMs: 800,
  rebuilds: 32,
  deep: { follows: 5_000, celebrities: 100, posts: 12_000, ageMs: 11_000 },
  pages: 510,
  weighed: 1_000,
};

export const shortSizes: Sizes = {
  crowd: 300,
  fanouts: 2,
  peerAdds: 2_000,
  fullSets: 5,
  big: { authors: 2, followers: 600 },
  probes: 5,
  creations: 20,
  readers: { viewers: 3, celebrities: 4, ordinary: 5 },
  celebrityFollowers: 12,
  rounds: 1,
  roundMs: 200,
  rebuilds: 2,
  deep: { follows: 40, celebrities: 4, posts: 400, ageMs: 0 },
  pages: 8,
  weighed: 20,
};

import { type BenchOptions, newReport, type Report, type Section } from '../report/report.ts';
import { openRig } from './cassandra-rig.ts';
import { likes } from './likes.ts';
import { packs } from './packs.ts';
import { postCreation } from './post-creation.ts';

const sizes = {
  1: { posts: 6_000, likes: 15_000, followers: 10_000, reads: 400 },
  3: { posts: 1_000, likes: 2_000, followers: 10_000, reads: 100 },
};
const shortSizes = { posts: 200, likes: 200, followers: 400, reads: 20 };

/** Measures engine-cassandra against the bare driver, on one node and on three. Needs Java 17 and Maven. */
export async function run({ short, say }: BenchOptions): Promise<Report> {
  const sections: Section[] = [];
  for (const nodes of short ? ([1] as const) : ([1, 3] as const)) {
    const rig = await openRig(nodes, say);
    try {
      const size = short ? shortSizes : sizes[nodes];
      for (const measure of [
        () => postCreation(rig, size.posts),
        () => likes(rig, size.likes),
        () => packs(rig, size.followers, size.reads),
      ]) {
        const section = await measure();
        for (const goal of section.goals ?? []) say(`${goal.what}: ${goal.measured} (${goal.goal})`);
        sections.push(section);
      }
    } finally {
      await rig.close();
    }
  }
  return newReport('Cassandra', sections, new Date());
}

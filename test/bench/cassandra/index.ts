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

/**
 * Measures engine-cassandra against the bare driver, on one node; CASSANDRA_NODES=3, or 1,3, asks for more of them, which
 * want more of the machine than a small one has. Needs Java 17 and Maven.
 */
export async function run({ short, say }: BenchOptions): Promise<Report> {
  const sections: Section[] = [];
  for (const nodes of clusterSizes(process.env.CASSANDRA_NODES)) {
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

function clusterSizes(asked = '1'): (1 | 3)[] {
  return asked.split(',').map((nodes) => {
    if (nodes !== '1' && nodes !== '3') throw new Error('CASSANDRA_NODES must be 1, 3 or 1,3');
    return nodes === '1' ? 1 : 3;
  });
}

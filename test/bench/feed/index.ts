import { type BenchOptions, newReport, type Report, type Section } from '../report/report.ts';
import { makeBigAuthors } from './big-posts.ts';
import { creation } from './creation.ts';
import { deepScroll } from './deep-scroll.ts';
import { fairness } from './fairness.ts';
import { fanOut } from './fan-out.ts';
import { feedPage } from './feed-page.ts';
import { FeedServer } from './feed-server.ts';
import { makeReaders } from './readers.ts';
import { rebuild } from './rebuild.ts';
import { fullSizes, shortSizes, type Sizes } from './sizes.ts';

/** Measures the feed end to end, over HTTP, on the embedded engine. Needs `npm run build` before, and redis-server. */
export async function run({ short, say }: BenchOptions): Promise<Report> {
  const sizes = short ? shortSizes : fullSizes;
  const sections = [...(await pushed(sizes, say)), ...(await read(sizes, say))];
  return newReport('Feed', sections, new Date());
}

/** Nobody is a celebrity: everything is pushed. */
async function pushed(sizes: Sizes, say: BenchOptions['say']): Promise<Section[]> {
  const server = await FeedServer.start({ PROMOTE_FOLLOWERS: '1000000', DEMOTE_FOLLOWERS: '900000' });
  try {
    say('fan-out to a crowd');
    const crowd = await fanOut(server, sizes);
    say('fairness');
    const big = await makeBigAuthors(server, sizes);
    const sections = [...crowd, await fairness(server, big, sizes)];
    say('creation');
    return [...sections, await creation(server, big, sizes)];
  } finally {
    await server.stop();
  }
}

async function read(sizes: Sizes, say: BenchOptions['say']): Promise<Section[]> {
  const { celebrityFollowers } = sizes;
  const server = await FeedServer.start({
    PROMOTE_FOLLOWERS: String(celebrityFollowers),
    DEMOTE_FOLLOWERS: String(Math.ceil(celebrityFollowers / 2)),
  });
  try {
    say('feed pages');
    const readers = await makeReaders(server, sizes);
    const pages = await feedPage(server, readers, sizes);
    say('rebuilding');
    const rebuilt = await rebuild(server, readers, sizes);
    say('deep scroll');
    return [pages, rebuilt, await deepScroll(server, readers, sizes)];
  } finally {
    await server.stop();
  }
}

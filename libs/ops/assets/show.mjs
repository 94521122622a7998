import { element, fillTable } from './element.mjs';
import { count, duration, percent, rate, since } from './number.mjs';

/** Puts one set of answers on the page. */
export function showAll({ overview, hot, fanout }, chart) {
  showTiles(overview, hot);
  chart.add({ reads: readsOf(overview), redis: redisOf(hot), store: overview.stores.callsPerSecond });
  showHotKeys(overview, hot);
  showLoads(hot);
  showCaches(overview);
  showDelivery(overview, fanout);
  showSets(overview);
  showInstances(overview, hot);
}

const table = (name, columns, rows, caption) =>
  fillTable(document.querySelector(`[data-table="${name}"]`), columns, rows, caption);

const readsOf = ({ caches }) => caches.reduce((sum, { readsPerSecond }) => sum + readsPerSecond, 0);
const redisOf = ({ redis }) => redis.reduce((sum, { commandsPerSecond }) => sum + commandsPerSecond, 0);

function showTiles({ traffic, instances, counters, stores, caches }, hot) {
  const feeds = traffic.feedsPerSecond;
  const delay = Math.max(0, ...instances.map(({ eventLoopDelay }) => eventLoopDelay.p99Ms));
  const worst = Math.max(1, ...hot.skew.map(({ ratio }) => ratio));
  const tiles = [
    ['requests / s', rate(traffic.requestsPerSecond)],
    ['failures / s', rate(traffic.failuresPerSecond), traffic.failuresPerSecond > 0],
    ['feeds / s', rate(feeds.complete + feeds.rebuilding + feeds.degraded)],
    ['of them degraded', rate(feeds.degraded), feeds.degraded > 0],
    ['cached reads / s', rate(readsOf({ caches }))],
    ['Redis cmds / s', rate(redisOf(hot))],
    ['store calls / s', rate(stores.callsPerSecond), stores.failuresPerSecond > 0],
    ['likes, follows / s', rate(counters.changesPerSecond)],
    ['drift of counts', count(counters.drift), counters.drift > 0],
    ['event loop p99', duration(delay), delay > 100],
    ['greatest skew', `${rate(worst)} ×`, hot.skew.some(({ alert }) => alert)],
  ];
  document
    .getElementById('tiles')
    .replaceChildren(
      ...tiles.map(([title, value, bad]) =>
        element(
          'div',
          { className: 'card' },
          element('dt', {}, title),
          element('dd', { className: bad ? 'bad' : '' }, value),
        ),
      ),
    );
}

/** What an id stands for, with the id itself. */
function nameOf(names, id) {
  const known = names[id];
  if (known === undefined) return element('span', { className: 'id' }, id);
  const text = known.text === null || known.text === '' ? known.displayName : `“${known.text}”`;
  return [
    element('span', { className: 'name' }, `@${known.handle} · ${text}`),
    element('span', { className: 'id' }, id),
  ];
}

const tags = (texts) => texts.map((text) => element('span', { className: 'tag' }, text));

function showHotKeys({ names }, { hotKeys, busiest, hotFromPerSecond, history, asOf }) {
  const key = { title: 'key', of: (row) => nameOf(names, row.key) };
  const kind = { title: 'kind', of: (row) => row.kind };
  const reads = { title: 'reads / s', number: true, of: (row) => rate(row.readsPerSecond) };
  const ofAll = { title: 'share', number: true, of: (row) => percent(row.share), share: (row) => row.share };
  const instances = {
    title: 'instances',
    of: (row) => row.instances.map((one) => `${one.instance} ${rate(one.readsPerSecond)}`).join(', '),
  };
  table(
    'hotKeys',
    [
      kind,
      key,
      reads,
      ofAll,
      { title: 'hits in process', number: true, of: (row) => percent(row.hitRatio.local) },
      { title: 'rest, in Redis', number: true, of: (row) => percent(row.hitRatio.shared) },
      { title: 'mitigation', of: (row) => (row.mitigations.length > 0 ? tags(row.mitigations) : 'none') },
      { title: 'since', number: true, of: (row) => since(row.since, asOf) },
      instances,
    ],
    hotKeys,
  );
  table(
    'busiest',
    [kind, key, reads, ofAll, instances],
    busiest,
    `Hot is what is read ${rate(hotFromPerSecond)} times a second.`,
  );
  table(
    'history',
    [
      kind,
      key,
      { title: 'peak / s', number: true, of: (row) => rate(row.peakPerSecond) },
      { title: 'lasted', number: true, of: (row) => since(row.since, row.until) },
      { title: 'ended, ago', number: true, of: (row) => since(row.until, asOf) },
    ],
    history,
  );
}

function showLoads({ skew }) {
  const alert = (row) => (row.alert ? element('span', { className: 'tag alert' }, 'above 3') : 'even');
  table(
    'skew',
    [
      { title: 'load of', of: (row) => `${row.of}, ${row.unit}` },
      { title: 'busiest / mean', number: true, of: (row) => `${rate(row.ratio)} ×` },
      { title: '', of: alert },
      { title: 'busiest', of: (row) => row.busiest ?? '–' },
      { title: 'of', number: true, of: (row) => count(Object.keys(row.loads).length) },
    ],
    skew,
  );
}

function showCaches({ caches }) {
  table(
    'caches',
    [
      { title: 'kind', of: (row) => row.kind },
      { title: 'reads / s', number: true, of: (row) => rate(row.readsPerSecond) },
      {
        title: 'hits in process',
        number: true,
        of: (row) => percent(row.hitRatio.local),
        share: (row) => row.hitRatio.local,
      },
      {
        title: 'rest, in Redis',
        number: true,
        of: (row) => percent(row.hitRatio.shared),
        share: (row) => row.hitRatio.shared,
      },
      { title: 'loads / s', number: true, of: (row) => rate(row.loadsPerSecond) },
      { title: 'failed / s', number: true, of: (row) => rate(row.failuresPerSecond) },
    ],
    caches,
  );
}

function showDelivery({ lanes, asOf }, { queues, outbox, deadLetters }) {
  table(
    'lanes',
    [
      { title: 'lane', of: (row) => row.lane },
      { title: 'posts / s', number: true, of: (row) => rate(row.postsPerSecond) },
      { title: 'warm inboxes / s', number: true, of: (row) => rate(row.inboxesPerSecond.warm) },
      { title: 'lag p50', number: true, of: (row) => duration(row.lagMs.p50) },
      { title: 'lag p99', number: true, of: (row) => duration(row.lagMs.p99) },
    ],
    lanes,
    outbox.oldest === null
      ? 'The outbox is empty.'
      : `The oldest row of the outbox waits for ${since(outbox.oldest, asOf)}.`,
  );
  const number = (title, name) => ({ title, number: true, of: (row) => count(row[name]) });
  table(
    'queues',
    [
      { title: 'queue', of: (row) => row.queue },
      number('waiting', 'waiting'),
      number('active', 'active'),
      number('to be retried', 'delayed'),
      number('flows', 'waitingChildren'),
      number('dead', 'deadLetters'),
    ],
    queues,
  );
  table(
    'deadLetters',
    [
      { title: 'queue', of: (row) => row.queue },
      { title: 'post', of: (row) => element('span', { className: 'id' }, row.postId) },
      { title: 'attempts', number: true, of: (row) => count(row.attempts) },
      { title: 'reason', of: (row) => element('span', { className: 'name' }, row.reason) },
      { title: 'ago', number: true, of: (row) => since(row.failedAt, asOf) },
    ],
    deadLetters,
  );
  document.getElementById('replay').disabled = deadLetters.length === 0;
}

/** Of a set of one shard it says nothing. */
const busiestOf = ({ shards, busiestShare }) => (shards > 1 ? busiestShare : null);

function showSets({ writtenSets, names }) {
  table(
    'sets',
    [
      { title: 'counts', of: (row) => row.kind },
      { title: 'of', of: (row) => nameOf(names, row.id) },
      { title: 'total', number: true, of: (row) => count(row.total) },
      { title: 'changes / s', number: true, of: (row) => rate(row.changesPerSecond) },
      { title: 'shards', number: true, of: (row) => row.generations.join(' → ') },
      { title: 'busiest takes', number: true, of: (row) => percent(busiestOf(row)), share: busiestOf },
    ],
    writtenSets,
  );
}

function showInstances({ instances, asOf }, { redis, store }) {
  const perSecond = (title, name) => ({ title, number: true, of: (row) => rate(row[name]) });
  table(
    'instances',
    [
      { title: 'instance', of: (row) => row.instance },
      perSecond('requests / s', 'requestsPerSecond'),
      { title: 'event loop p99', number: true, of: (row) => duration(row.eventLoopDelay.p99Ms) },
      { title: 'longest', number: true, of: (row) => duration(row.eventLoopDelay.longestMs) },
      { title: 'up for', number: true, of: (row) => since(row.since, asOf) },
    ],
    instances,
  );
  table(
    'redis',
    [
      { title: 'Redis node', of: (row) => row.node },
      { title: 'role', of: (row) => row.role },
      perSecond('commands / s', 'commandsPerSecond'),
      { title: 'of a core', number: true, of: (row) => percent(row.cpuShare), share: (row) => row.cpuShare },
      { title: 'its hottest key', of: (row) => element('span', { className: 'id' }, row.hotKeys[0]?.key ?? '–') },
    ],
    redis,
  );
  table(
    'store',
    [
      { title: 'store node', of: (row) => row.node },
      perSecond('requests / s', 'requestsPerSecond'),
      { title: 'busiest table', of: busiestTable },
    ],
    store,
  );
}

function busiestTable({ tables }) {
  const of = ({ readsPerSecond, writesPerSecond }) => readsPerSecond + writesPerSecond;
  const [first] = [...tables].sort((a, b) => of(b) - of(a));
  return first === undefined ? '–' : `${first.table} ${rate(of(first))} / s`;
}

import { ask, Refusal } from './api.mjs';
import { Chart } from './chart.mjs';
import { showAll } from './show.mjs';

const EVERY_MS = 1_000;
const AGAIN_MS = 3_000;
const LOOKS_LIKE_ONE = /^[\w.-]+$/;
const KEPT_AS = 'groundswell ops token';

const $ = (id) => document.getElementById(id);
const chart = new Chart($('chart'), ['reads', 'redis', 'store']);
let token = sessionStorage.getItem(KEPT_AS);
let timer;
/** The newest turn: what an older one brings is not wanted any more. */
let newest = 0;

/** Everything is asked anew each time: whatever is missed does no harm. */
async function turn() {
  clearTimeout(timer);
  const mine = ++newest;
  let pauseMs = EVERY_MS;
  try {
    const [overview, hot, fanout] = await Promise.all(
      ['overview', 'hot-keys', 'fanout'].map((name) => ask(token, 'GET', `/v1/ops/${name}`)),
    );
    if (mine !== newest) return;
    enter();
    showAll({ overview, hot, fanout }, chart);
    say(overview.whole ? 'live' : 'live, this instance alone', 'good');
  } catch (error) {
    if (mine !== newest) return;
    if (error instanceof Refusal && (error.status === 401 || error.status === 403)) return leave(error);
    pauseMs = Math.max(AGAIN_MS, error.retryAfterMs ?? 0);
    say(error instanceof Refusal ? `no answer: ${error.message}` : 'the server does not answer', 'bad');
  }
  timer = setTimeout(turn, document.hidden ? 10 * pauseMs : pauseMs);
}

function say(text, kind) {
  $('status').textContent = text;
  $('status').className = `chip ${kind}`;
  document.body.classList.toggle('stale', kind === 'bad');
}

function enter() {
  if (!$('live').hidden) return;
  sessionStorage.setItem(KEPT_AS, token);
  for (const id of ['live', 'controls']) $(id).hidden = false;
  $('entry').hidden = true;
}

/** @param refusal what the API has against the token, if anything */
function leave(refusal) {
  stop();
  token = null;
  sessionStorage.removeItem(KEPT_AS);
  for (const id of ['live', 'controls']) $(id).hidden = true;
  $('entry').hidden = false;
  $('token').value = '';
  $('token').focus();
  $('refusal').textContent = refusal ? `Refused: ${refusal.message}` : '';
  say('not connected', '');
}

function stop() {
  clearTimeout(timer);
  newest++;
}

const isPaused = () => $('pause').getAttribute('aria-pressed') === 'true';

$('entry').addEventListener('submit', (event) => {
  event.preventDefault();
  $('refusal').textContent = '';
  token = $('token').value.trim();
  if (LOOKS_LIKE_ONE.test(token)) void turn();
  else leave({ message: 'this is no token' });
});

$('pause').addEventListener('click', () => {
  $('pause').setAttribute('aria-pressed', String(!isPaused()));
  if (isPaused()) {
    stop();
    say('paused', '');
  } else void turn();
});

$('leave').addEventListener('click', () => {
  void ask(token, 'DELETE', '/ops/session').catch(() => undefined);
  leave();
});

/** The board reads a cookie, since a link cannot carry the token; no address ever has it. */
$('board').addEventListener('click', async (event) => {
  event.preventDefault();
  try {
    await ask(token, 'POST', '/ops/session');
    location.assign($('board').href);
  } catch (error) {
    say(`the queue board cannot be opened: ${error.message}`, 'bad');
  }
});

$('replay').addEventListener('click', async () => {
  $('replay').disabled = true;
  try {
    const { replayed } = await ask(token, 'POST', '/v1/ops/fanout/replay');
    $('replayed').textContent = `${replayed} put back into their queues`;
  } catch (error) {
    $('replayed').textContent = `not replayed: ${error.message}`;
  }
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !isPaused() && token !== null) void turn();
});

if (token !== null) void turn();

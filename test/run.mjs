// Everything there is to test, in the order in which failures are cheapest: checks, build, unit and integration tests, then
// what needs whole servers. Says at the end what could not run here and why; with CI=true that is a failure.
//   node test/run.mjs            all
//   node test/run.mjs --quick    without what needs Cassandra, k6 or a cluster
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const inCi = process.env.CI === 'true';
const quick = process.argv.includes('--quick');

const bin = (name) => join(root, 'node_modules', '.bin', name);
const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, name)));
const isRoot = process.getuid?.() === 0;

/** Programs that tests need beside Node, the Debian package they come in, and what is left out without them. */
const programs = [
  { name: 'redis-server', package: 'redis-server', for: 'everything on Redis' },
  { name: 'nginx', package: 'nginx-light', for: 'the edge' },
  { name: 'java', package: 'openjdk-17-jre-headless', for: 'Cassandra' },
  { name: 'mvn', package: 'maven', for: 'Cassandra' },
  { name: 'chromium', package: 'chromium', for: "the operators' page" },
  { name: 'go', package: undefined, for: 'k6 and the compose check' },
];

/** With more failures than that, the machine is not to blame. */
const AGAIN_MAX = 4;

/** Spec files that need the machine to themselves: they start whole clusters, or hold to thresholds of time. */
const heavy = [
  'test/local-stack/cassandra',
  'test/local-stack/k6',
  'test/cassandra',
  'test/cluster/cluster',
  'test/cluster/edge',
  'test/cluster/redis-faults',
  'test/k6',
];

const checks = {
  types: { name: 'types', work: () => run(bin('tsc'), ['--noEmit']) },
  lint: { name: 'lint', work: () => run(bin('eslint'), ['.', '--cache', '--cache-location', '.local/eslint']) },
  format: { name: 'format', work: () => run(bin('prettier'), ['--check', '--log-level', 'warn', '.']) },
  layers: { name: 'layers', work: () => run(bin('depcruise'), ['apps', 'libs', 'test', '--output-type', 'err']) },
};
const install = {
  name: 'install',
  when: () => !existsSync(bin('tsc')),
  work: () => run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']),
};
const build = { name: 'build', work: () => run('npm', ['run', '--silent', 'build']) };
const tests = {
  name: 'tests',
  work: () => jest(['--maxWorkers=2', ...heavy.map((path) => `--testPathIgnorePatterns=${path}`)]),
};
// cassandra-driver starts timers for nodes that it hears of while it is being shut down, and never ends them.
const clusters = {
  name: 'clusters',
  when: () => !quick,
  work: () => jest(['--runInBand', '--forceExit', ...heavy]),
};

/** One after another; the lanes of a stage run beside each other, each on about one core. */
const stages = [
  [[install]],
  [[checks.lint], [checks.types, checks.format, checks.layers, build]],
  [[tests]],
  [[clusters]],
];

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: process.env });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Failed beside others and passed alone. */
const unsteady = [];

/**
 * Spec files that fail are run once more, one after another: machines that run CI stand still for seconds now and then.
 * The second result counts, and what needed it is said aloud.
 */
async function jest(args) {
  const report = join(root, '.local', 'jest.json');
  mkdirSync(join(root, '.local'), { recursive: true });
  rmSync(report, { force: true });
  const code = await runJest([...args, '--json', `--outputFile=${report}`]);
  const failed = code === 0 ? [] : failedFiles(report);
  if (failed.length === 0 || failed.length > AGAIN_MAX) return code;
  console.log(`\n== once more, alone: ${failed.join(', ')}`);
  const again = await runJest(['--runInBand', '--forceExit', '--runTestsByPath', ...failed]);
  if (again === 0) unsteady.push(...failed);
  return again;
}

function runJest(args) {
  return run(process.execPath, [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), ...args]);
}

function failedFiles(report) {
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name));
}

/** Installs what is missing where that is possible without asking; returns what is missing still. */
async function providePrograms() {
  const missing = () => programs.filter(({ name }) => !onPath(name));
  const wanted = missing().filter((program) => program.package);
  if (
    wanted.length > 0 &&
    isRoot &&
    onPath('apt-get') &&
    (inCi || wanted.some(({ name }) => name === 'redis-server'))
  ) {
    console.log(`Installing ${wanted.map((program) => program.package).join(', ')} ...`);
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...wanted.map((program) => program.package)];
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  }
  return missing();
}

const missing = await providePrograms();
const results = [];
for (const lanes of stages) {
  await Promise.all(lanes.map(inOrder));
  if (results.some(({ name, code }) => code !== 0 && ['install', 'build'].includes(name))) break;
}

async function inOrder(lane) {
  for (const { name, when = () => true, work } of lane) {
    if (!when()) continue;
    console.log(`\n== ${name}`);
    const startedAt = Date.now();
    const code = await work();
    results.push({ name, code, seconds: Math.round((Date.now() - startedAt) / 1000) });
  }
}

console.log('\n== summary');
for (const { name, code, seconds } of results)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
for (const { name, for: purpose } of missing) console.log(`LEFT OUT: ${purpose}: there is no ${name} here`);
for (const file of unsteady) console.log(`UNSTEADY: ${file} failed beside others and passed alone`);
if (quick) console.log('LEFT OUT: what needs Cassandra, k6 or a cluster (--quick)');
const failed = results.some(({ code }) => code !== 0) || (inCi && missing.length > 0);
process.exitCode = failed ? 1 : 0;

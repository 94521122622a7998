// No Docker runs here: what can be known without it is held down by what docker compose itself reads, by running the parts
// that are scripts, and by looking whether the files name what there is.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRedis, findRedisProgram, freePorts, type RedisServer, startRedisServer } from '#local-stack';
import { metricCatalogue } from '#observability';
import { describeWith } from '../local-stack/describe-with.ts';

const root = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'docker-'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

afterAll(() => rmSync(dir, { recursive: true }));

interface Service {
  readonly image: string;
  readonly command: string[] | null;
  readonly profiles?: string[];
  readonly user?: string;
  readonly environment?: Record<string, string | null>;
  readonly volumes?: { type: string; source: string }[];
  readonly healthcheck?: { test: string[] };
  readonly depends_on?: Record<string, { condition: string; required: boolean }>;
}

describeWith(['go'], 'docker-compose.yml', () => {
  let services: Record<string, Service>;
  const checker = join(dir, 'compose-check');
  const check = (text: string) => {
    const file = join(dir, 'docker-compose.yml');
    writeFileSync(file, text);
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    return spawnSync(checker, [file], { cwd: dir, env, encoding: 'utf8', maxBuffer: 2 ** 24 });
  };

  beforeAll(() => {
    const { status, stderr } = spawnSync('go', ['build', '-o', checker, '.'], {
      cwd: join(root, 'docker/compose-check'),
      encoding: 'utf8',
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { stdout } = check(read('docker-compose.yml'));
    services = (JSON.parse(stdout) as { services: Record<string, Service> }).services;
  }, 300_000);

  it('is what docker compose takes, without any setting', () => {
    const { status, stderr } = check(read('docker-compose.yml'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    ['a wrong key', 'restart: unless-stopped', 'restarts: unless-stopped'],
    ['a dependency that is not there', 'cassandra-1: { condition', 'cassandra-0: { condition'],
    ['a wrong condition', 'condition: service_healthy', 'condition: service_happy'],
    ['an anchor that is not there', '<<: *app', '<<: *apps'],
  ])('would be refused with %s', (_what, right, wrong) => {
    const broken = read('docker-compose.yml').replace(right, wrong);
    expect(broken).not.toBe(read('docker-compose.yml'));
    expect(check(broken).status).toBe(1);
  });

  it('has every image pinned to a version', () => {
    const foreign = Object.values(services).filter(({ image }) => image !== 'groundswell:local');
    for (const { image } of foreign) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+(-alpine)?$/);
    expect(read('docker/Dockerfile')).toMatch(/NODE_IMAGE=node:\d+\.\d+\.\d+-/);
  });

  it('waits only for what can become healthy', () => {
    for (const { depends_on = {} } of Object.values(services))
      for (const [name, { condition }] of Object.entries(depends_on))
        if (condition === 'service_healthy')
          expect([name, services[name]?.healthcheck?.test ?? services[name]?.image]).not.toEqual([name, undefined]);
  });

  it('mounts files that are there', () => {
    const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes.filter(({ type }) => type === 'bind'));
    expect(mounts.length).toBeGreaterThan(5);
    for (const { source } of mounts) expect([source, existsSync(source.replace(dir, root))]).toEqual([source, true]);
  });

  it('starts apps that are there', () => {
    const apps = Object.values(services).filter(({ image, profiles }) => image === 'groundswell:local' && !profiles);
    expect(apps.map(({ command }) => command?.[0]).sort()).toEqual([
      'fanout-worker',
      'post-service',
      'timeline-service',
    ]);
    for (const { command } of apps)
      expect(existsSync(join(root, 'apps', command?.[0] ?? '', 'src/main.ts'))).toBe(true);
  });

  it('gives services only variables that they read, and no other Redis than has its role’s policy', () => {
    const { environment = {} } = services.timeline!;
    const known = read('.env.example').match(/^[A-Z_]+(?==)/gm);
    for (const name of Object.keys(environment)) expect(known).toContain(name);
    const policyOf = (name: string) => services[name]?.command?.join(' ').match(/maxmemory-policy (\S+)/)?.[1];
    expect(['queue', 'inbox-6', 'cache-6'].map(policyOf)).toEqual(['noeviction', 'noeviction', 'allkeys-lfu']);
  });

  it('fills in all that the edge’s template asks for', () => {
    const asked = new Set(read('docker/nginx/nginx.conf.template').match(/(?<=\$\{)EDGE_\w+/g));
    const given = Object.keys(services.edge?.environment ?? {}).filter((name) => name.startsWith('EDGE_'));
    expect(new Set(given)).toEqual(asked);
  });

  it('lets Prometheus ask services that are there', () => {
    const scraped = read('docker/prometheus/prometheus.yml');
    const names = [...scraped.matchAll(/redis:\/\/([\w-]+):|'([\w-]+-exporter):/g)].map(([, a, b]) => a ?? b ?? '');
    const byDns = /names: \[(.*?)\]/.exec(scraped)![1]!.split(', ');
    expect(names).toHaveLength(15);
    for (const name of [...names, ...byDns]) expect(Object.keys(services)).toContain(name);
  });

  it('has its settings explained, with their defaults', () => {
    const used = new Map(
      [...read('docker-compose.yml').matchAll(/\$\{(\w+):-(.*?)\}/g)].map(([, name, value]) => [name, value]),
    );
    const explained = new Map(
      [...read('docker/.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(Object.fromEntries(explained)).toEqual(Object.fromEntries(used));
  });
});

describe('dashboards and alerts', () => {
  const foreign = /^(nginx|redis|process)_|^up$/;
  const functions = /^(sum|by|le|rate|increase|max|avg|histogram_quantile)$/;
  const own = new Set(
    Object.entries(metricCatalogue).flatMap(([name, { kind }]) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  );
  const unknownIn = (expression: string): string[] => {
    const bare = expression.replace(/\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)/g, ' ');
    const names = bare.match(/[a-z_]{2,}/g) ?? [];
    return names.filter((name) => !functions.test(name) && !foreign.test(name) && !own.has(name));
  };
  const files = readdirSync(join(root, 'docker/grafana/dashboards'));

  it.each(files)('%s shows metrics that there are', (file) => {
    const dashboard = JSON.parse(read(`docker/grafana/dashboards/${file}`)) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(5);
    expect(expressions.flatMap(unknownIn)).toEqual([]);
  });

  it('alerts ask for metrics that there are', () => {
    const expressions = [...read('docker/prometheus/alerts.yml').matchAll(/expr: (.*(?:\n {10,}.*)*)/g)].map(
      ([, one]) => one!,
    );
    expect(expressions).toHaveLength(7);
    expect(expressions.flatMap(unknownIn)).toEqual([]);
    expect(unknownIn('sum(rate(no_such_metric[1m]))')).toEqual(['no_such_metric']);
  });
});

describe('the Dockerfile', () => {
  it('copies what is there and what the context has', () => {
    const ignored = read('.dockerignore');
    const sources = [...read('docker/Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, list]) =>
      list!.split(' '),
    );
    expect(sources).toContain('libs');
    for (const source of sources) {
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
      expect(ignored).toContain(`\n!${source}\n`);
    }
  });

  it('does not run as root', () => expect(read('docker/Dockerfile')).toMatch(/\nUSER node\n[^]*ENTRYPOINT/));
});

describe('what a container runs', () => {
  const entry = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'docker/entry.mjs'), ...args], {
      env: { PATH: process.env.PATH, DATA_DIR: join(dir, 'volume') },
      encoding: 'utf8',
    });

  it('is a command, with the secret of the volume', () => {
    const { status, stdout } = entry('cli', 'token', '--handle', 'nobody', '--ops');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^eyJ[\w.-]+\n$/)]);
    expect(readdirSync(join(dir, 'volume'))).toEqual(['auth-secret']);
  });

  it('is an app, which says why it does not start', () => {
    const { status, stderr } = entry('timeline-service');
    expect([status, stderr]).toEqual([1, 'REDIS_URL is not set\n']);
  });
});

describeWith(['redis-server', 'redis-cli'], 'create-cluster.sh', () => {
  const nodes: RedisServer[] = [];
  const make = () =>
    spawnSync('sh', [join(root, 'docker/redis/create-cluster.sh'), ...addresses()], { encoding: 'utf8' });
  const addresses = () => nodes.map(({ port }) => `127.0.0.1:${port}`);

  beforeAll(async () => {
    const options = { env: process.env, say: () => undefined };
    const program = (await findRedisProgram(options))!;
    const settings = ['--cluster-enabled', 'yes', '--save', '', '--appendonly', 'no'];
    for (const port of await freePorts(6, { offsets: [10_000] }))
      nodes.push(
        await startRedisServer(program, { ...options, name: 'node', dir: join(dir, `${port}`), port, settings }),
      );
  }, 30_000);

  afterAll(async () => {
    await Promise.all(nodes.map(({ server }) => server.kill()));
  });

  it('makes a cluster of six nodes, once', async () => {
    const first = make();
    expect({ status: first.status, output: first.status === 0 ? '' : first.stdout }).toEqual({ status: 0, output: '' });
    expect(first.stdout).toContain('All 16384 slots covered');
    await checkRedis(nodes.map(({ url }) => url).join(','), 'inbox');
    expect(make()).toMatchObject({ status: 0, stdout: '' });
  }, 90_000);

  it('waits for nodes that find each other again', async () => {
    await Promise.all(nodes.map(({ server }) => server.restart()));
    expect(make().status).toBe(0);
  }, 90_000);
});

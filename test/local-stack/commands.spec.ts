import { accepts } from '#local-stack';
import { StubProject } from './stub-project.ts';

jest.setTimeout(60_000);

let project: StubProject;

beforeAll(() => {
  project = new StubProject();
  project.addCommand('redis-cluster');
  project.addCommand('cassandra');
});
afterAll(() => project.end());

const run = (...args: string[]) => project.start({}, 'apps/cli/run.mjs', ...args);

describe('npm run redis-cluster', () => {
  it('runs six nodes until the first signal, says how to use them, and leaves nothing behind', async () => {
    const command = await run('redis-cluster');
    await command.says('\nready\n');
    const [, url = ''] = /^export INBOX_REDIS_URL=(.*)$/m.exec(command.out)!;
    const ports = url.split(',').map((node) => Number(new URL(node).port));
    expect(ports).toHaveLength(6);
    expect(await Promise.all(ports.map((port) => accepts(port)))).not.toContain(false);
    command.signalGroup('SIGINT');
    command.signalGroup('SIGINT');
    expect(await command.ended()).toBe(0);
    expect(await Promise.all(ports.map((port) => accepts(port)))).not.toContain(true);
    expect(command.err).not.toContain('Error');
  });

  it('ends when a node does', async () => {
    const command = await run('redis-cluster');
    await command.says('\nready\n');
    const [, pid] = /process (\d+)/.exec(command.out)!;
    process.kill(Number(pid), 'SIGKILL');
    expect(await command.ended()).toBe(1);
    expect(command.err).toMatch(/^Redis Cluster node \d+ ended by SIGKILL; its log is .*redis\.log\.$/m);
  });

  it('can be ended while it starts', async () => {
    const command = await run('redis-cluster');
    await command.says('Starting');
    command.signal('SIGTERM');
    expect(await command.ended()).toBe(0);
    expect(command.out).not.toContain('ready');
  });
});

describe('a command with wrong arguments', () => {
  it.each([
    ['redis-cluster', '--no-such-option'],
    ['cassandra', '--nodes', '2'],
    ['cassandra', '--heap-mb', 'much'],
    ['cassandra', 'and', 'more'],
  ])('says how to use it: %s %s', async (...args) => {
    const command = await run(...args);
    expect(await command.ended()).toBe(1);
    expect(command.err).toContain(`usage: npm run ${args[0]} -- [`);
    expect(command.err).not.toContain('    at ');
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from './describe-with.ts';

const root = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'compose-check-'));
const program = join(dir, 'compose-check');
const own = join(root, 'docker-compose.yml');

afterAll(() => rmSync(dir, { recursive: true }));

function check(...files: string[]) {
  const { status, stderr } = spawnSync(program, files, { cwd: dir, encoding: 'utf8' });
  return { status, stderr };
}

function file(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

const GOOD = `
services:
  web:
    image: nginx:1.28
    ports: ['127.0.0.1:8080:80']
    depends_on:
      queue: { condition: service_healthy }
  queue:
    image: redis:7.4-alpine
    healthcheck: { test: ['CMD', 'redis-cli', 'ping'], interval: 5s }
`;

describeWith(['go'], 'the check of compose files', () => {
  beforeAll(() => {
    const cwd = join(root, 'docker/compose-check');
    const { status, stderr } = spawnSync('go', ['build', '-o', program, '.'], { cwd, encoding: 'utf8' });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  }, 300_000);

  it('accepts a good one', () => {
    expect(check(file('good.yml', GOOD))).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    ['a wrong key', GOOD.replace('healthcheck:', 'healthchek:'), 'healthchek'],
    ['a wrong type', GOOD.replace("['127.0.0.1:8080:80']", '8080'), 'ports'],
    ['a service that is not there', GOOD.replace('  queue: {', '  que: {'), 'que'],
    ['broken YAML', `${GOOD}\n  : :`, ''],
  ])('refuses %s', (_what, text, named) => {
    const { status, stderr } = check(file('bad.yml', text));
    expect(status).toBe(1);
    expect(stderr).toContain(named);
  });

  it('refuses a file that is not there, and no file at all', () => {
    expect(check(join(dir, 'missing.yml')).status).toBe(1);
    expect(check()).toEqual({ status: 2, stderr: 'usage: compose-check FILE...\n' });
  });

  (existsSync(own) ? it : it.skip)("accepts the project's own", () => {
    expect(check(own)).toEqual({ status: 0, stderr: '' });
  });
});

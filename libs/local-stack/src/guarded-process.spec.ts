import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '#test';
import { GuardedProcess } from './guarded-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'guarded-'));
const logFile = join(dir, 'nested', 'log');
const started: GuardedProcess[] = [];

function start(script: string, graceMs?: number): GuardedProcess {
  rmSync(logFile, { force: true });
  const process = new GuardedProcess({
    command: 'sh',
    args: ['-c', script],
    env: { PATH: '/usr/bin:/bin' },
    logFile,
    graceMs,
  });
  started.push(process);
  return process;
}

function logged(text: string): Promise<string> {
  return until(
    () => readFileSync(logFile, 'utf8'),
    (log) => log.includes(text),
  );
}

/** False also for a zombie, which only waits to be looked at. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

afterAll(async () => {
  await Promise.all(started.map((process) => process.kill()));
  rmSync(dir, { recursive: true });
});

describe('GuardedProcess', () => {
  it('has the pid of the command itself, and logs what it says', async () => {
    const process = start('echo "I am $$"; echo and an error >&2; exec sleep 60');
    expect(await logged('and an error')).toContain(`I am ${process.pid}\n`);
    expect(process.running).toBe(true);
    await process.stop();
    expect(process.running).toBe(false);
    expect(await process.ended).toBe('ended by SIGTERM');
  });

  it('tells how a command ended by itself', async () => {
    expect(await start('exit 3').ended).toBe('ended with exit code 3');
    const missing = new GuardedProcess({ command: '/no/such/program', args: [], env: {}, logFile });
    expect(await missing.ended).toBe('ended with exit code 127');
    const nowhere = new GuardedProcess({ command: 'true', args: [], env: {}, logFile, cwd: '/no/such/directory' });
    expect(await nowhere.ended).toMatch(/^could not be started: .*ENOENT/);
    await nowhere.stop();
  });

  it('lets a command end its own way, and waits for that', async () => {
    const process = start(`trap 'echo saving; exit 0' TERM; echo ready; while :; do sleep 0.05; done`);
    await logged('ready');
    await process.stop();
    expect(await process.ended).toBe('ended with exit code 0');
    expect(readFileSync(logFile, 'utf8')).toContain('saving');
  });

  it('insists when a command will not end', async () => {
    const process = start(`trap '' TERM; echo ready; while :; do sleep 0.05; done`, 200);
    await logged('ready');
    await process.stop();
    expect(await process.ended).toBe('ended by SIGKILL');
  });

  it('ends a paused command politely', async () => {
    const process = start(`trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done`);
    await logged('ready');
    process.signal('SIGSTOP');
    await process.stop();
    expect(await process.ended).toBe('ended with exit code 7');
  });

  it('takes what the command left behind with it', async () => {
    const process = start('sleep 61 & echo "child $!"; wait');
    const child = Number(/child (\d+)/.exec(await logged('child'))?.[1]);
    expect(isAlive(child)).toBe(true);
    await process.kill();
    await until(() => !isAlive(child));
  });

  it('is in a session of its own, out of reach of signals to our group', async () => {
    const process = start('exec sleep 62');
    const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
    const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect([group, session]).toEqual([String(process.pid), String(process.pid)]);
    await process.stop();
  });

  it('may be stopped and killed again', async () => {
    const process = start('exec sleep 63');
    await Promise.all([process.stop(), process.stop(), process.kill()]);
    await process.stop();
    process.signal('SIGTERM');
    expect(process.running).toBe(false);
  });
});

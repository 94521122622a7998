import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps two processes from owning one data directory: a file that names its owner, stale when that is dead. */
export class DirectoryLock {
  private constructor(private readonly path: string) {}

  /** Throws with a message for people when a living process holds the directory. */
  static acquire(dir: string): DirectoryLock {
    const path = join(dir, 'owner.lock');
    for (let attempt = 0; ; attempt++) {
      try {
        writeFileSync(path, identityOf(process.pid), { flag: 'wx' });
        return new DirectoryLock(path);
      } catch (error) {
        if (!isCode(error, 'EEXIST') || attempt === 3) throw error;
      }
      const owner = readOwner(path);
      if (owner && isAlive(owner)) {
        throw new Error(
          `the data directory ${dir} is in use by another process (pid ${owner.pid}); stop it or set DATA_DIR`,
        );
      }
      removeIfThere(path);
    }
  }

  release(): void {
    removeIfThere(this.path);
  }
}

interface Owner {
  readonly pid: number;
  readonly identity: string;
}

function readOwner(path: string): Owner | undefined {
  try {
    const identity = readFileSync(path, 'utf8');
    return { pid: Number.parseInt(identity, 10), identity };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isAlive({ pid, identity }: Owner): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
  return identityOf(pid) === identity;
}

/** The pid with its start time where the system shows it, since pids are used again. */
function identityOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''}`;
  } catch {
    return `${pid} `;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

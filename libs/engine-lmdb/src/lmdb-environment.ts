import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { unavailable } from '#kernel';
import { PendingWrite } from './pending-write.ts';
import { DirectoryLock } from './directory-lock.ts';

/** A table: a named database with binary keys in byte order and binary values. */
export type Table = Database<Buffer, Buffer>;

const TABLES_MAX = 64;

/**
 * The embedded engine's files: one LMDB environment, owned by one process at a time. A write that resolved is committed:
 * it survives the death of the process, and reaches the disk with the operating system's next flush (LMDB is told to
 * sync in the background; losing the machine's power can cost the last moments, never consistency).
 */
export class LmdbEnvironment {
  readonly #root: RootDatabase<Buffer, Buffer>;
  /** Works of the transaction that has not begun. */
  readonly #waiting: PendingWrite[] = [];

  private constructor(
    path: string,
    private readonly lock: DirectoryLock,
  ) {
    this.#root = open<Buffer, Buffer>({ path, maxDbs: TABLES_MAX, keyEncoding: 'binary', encoding: 'binary' });
    process.on('unhandledRejection', ignoreReportedCommitFailure);
  }

  /** Throws with a message for people when another process owns the directory. */
  static open(dataDir: string): LmdbEnvironment {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const lock = DirectoryLock.acquire(dataDir);
    try {
      return new LmdbEnvironment(join(dataDir, 'store'), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  table(name: string): Table {
    return this.#root.openDB<Buffer, Buffer>({ name, keyEncoding: 'binary', encoding: 'binary' });
  }

  /**
   * Runs `work` in a write transaction and resolves with its result when that is committed. `work` is synchronous and
   * uses the tables' `putSync` and `removeSync`; it sees the writes of all works before it and nobody else's. Works are
   * done in the order of the calls, and committed in that order: all that arrive while a transaction waits for its turn
   * become part of it. Rejects with `unavailable` when the commit fails (disk full), and with what `work` throws.
   */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(new PendingWrite(work, resolve, reject));
      if (this.#waiting.length === 1) void this.#transact();
    });
  }

  async #transact(): Promise<void> {
    let group: PendingWrite[] = [];
    const take = (): PendingWrite[] => (group = this.#waiting.splice(0));
    try {
      await this.#root.transaction(() => {
        for (const write of take()) write.run();
      });
    } catch (error) {
      const cause = await commitFailure(error);
      const failure = cause === undefined ? error : unavailable('the store cannot write at the moment', { cause });
      for (const write of group.length > 0 ? group : take()) write.fail(failure);
      return;
    }
    for (const write of group) write.finish();
  }

  /** Resolves when everything committed so far is on the disk. */
  async flush(): Promise<void> {
    await this.#root.flushed;
  }

  async close(): Promise<void> {
    await this.#root.close();
    process.off('unhandledRejection', ignoreReportedCommitFailure);
    this.lock.release();
  }
}

/** What made a commit fail; undefined for errors of another kind. */
function commitFailure(error: unknown): Promise<unknown> | undefined {
  if (!(error instanceof Error) || !('commitError' in error)) return undefined;
  return Promise.resolve(error.commitError).then(
    () => error,
    (cause: unknown) => cause,
  );
}

/**
 * lmdb-js rejects, besides the promise that a writer holds, one of its own that nobody can reach (the end-of-batch
 * instruction's, write.js). The failure has been reported to every writer by then; all else stays fatal.
 */
function ignoreReportedCommitFailure(reason: unknown): void {
  if (reason instanceof Error && 'commitError' in reason) return;
  throw reason;
}

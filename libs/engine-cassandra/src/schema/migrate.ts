import { type Clock, pause } from '#kernel';
import type { CassandraReporter } from '../cassandra-options.ts';
import type { Migration } from './migrations/index.ts';
import { isSpreading, type SchemaState } from './schema-state.ts';

/** How often those who wait look whether it is done: each look competes with the one that works. */
const WAIT_MS = 1_000;
const PATIENCE_MS = 360_000;

/**
 * Brings the schema to the newest version. Any number of processes may do so at once: one works, the others wait. One
 * that dies in the middle loses the lock after three minutes, and the next does the interrupted step again from its start.
 * Throws with a message for people when the schema is newer than this program, or when the wait takes too long.
 */
export async function migrate(
  state: SchemaState,
  migrations: readonly Migration[],
  clock: Clock,
  reporter: CassandraReporter,
): Promise<void> {
  const deadlineMs = clock.elapsed() + PATIENCE_MS;
  for (;;) {
    const holder = await attempt(state, migrations, reporter);
    if (holder === undefined) return;
    if (clock.elapsed() > deadlineMs)
      throw new Error(`${holder} has been changing the schema for ${PATIENCE_MS / 60_000} minutes: is it still alive?`);
    await pause(WAIT_MS, clock);
  }
}

/** Resolves to undefined when all is done, or else to who is at it. */
async function attempt(
  state: SchemaState,
  migrations: readonly Migration[],
  reporter: CassandraReporter,
): Promise<string | undefined> {
  try {
    await state.ensureTable();
    if ((await missing(state, migrations)).length === 0) return undefined;
    const holder = await state.lock();
    if (holder !== true) return holder;
    await apply(state, migrations, reporter);
    return undefined;
  } catch (error) {
    if (isSpreading(error)) return 'another process, or this one,';
    throw error;
  }
}

async function apply(state: SchemaState, migrations: readonly Migration[], reporter: CassandraReporter): Promise<void> {
  try {
    // Somebody else may have done it between our look and the lock.
    for (const migration of await missing(state, migrations)) {
      reporter.info({ version: migration.version }, `changing the schema: ${migration.name}`);
      if ((await state.lock()) !== true) throw lost();
      await state.execute(migration.statements);
      if (!(await state.note(migration))) throw lost();
    }
  } finally {
    await state.unlock();
  }
}

function lost(): Error {
  return new Error('another process has taken over the change of the schema: this one was too slow');
}

async function missing(state: SchemaState, migrations: readonly Migration[]): Promise<Migration[]> {
  const present = new Set(await state.versions());
  const known = migrations.at(-1)?.version ?? 0;
  const newest = Math.max(0, ...present);
  if (newest > known)
    throw new Error(
      `the schema in Cassandra has version ${newest} and this program knows ${known}: it is older than the one that ` +
        'changed the schema; start a newer one',
    );
  return migrations.filter(({ version }) => !present.has(version));
}

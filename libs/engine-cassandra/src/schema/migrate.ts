import type { Clock } from '#kernel';
import type { CassandraReporter } from '../cassandra-options.ts';
import type { Migration } from './migrations/index.ts';
import type { SchemaState } from './schema-state.ts';

const WAIT_MS = 250;
const PATIENCE_MS = 180_000;

/**
 * Brings the schema to the newest version. Any number of processes may do so at once: one works, the others wait. One
 * that dies in the middle loses the lock after a minute, and the next does the interrupted step again from its start.
 * Throws with a message for people when the schema is newer than this program, or when the wait takes too long.
 */
export async function migrate(
  state: SchemaState,
  migrations: readonly Migration[],
  clock: Clock,
  reporter: CassandraReporter,
): Promise<void> {
  await state.ensureTable();
  const deadlineMs = clock.elapsed() + PATIENCE_MS;
  for (;;) {
    if ((await missing(state, migrations)).length === 0) return;
    const holder = await state.lock();
    if (holder === true) return apply(state, migrations, reporter);
    if (clock.elapsed() > deadlineMs)
      throw new Error(`${holder} has been changing the schema for ${PATIENCE_MS / 60_000} minutes: is it still alive?`);
    await new Promise<void>((resolve) => clock.after(WAIT_MS, resolve));
  }
}

async function apply(state: SchemaState, migrations: readonly Migration[], reporter: CassandraReporter): Promise<void> {
  try {
    // Somebody else may have done it between our look and the lock.
    for (const migration of await missing(state, migrations)) {
      reporter.info({ version: migration.version }, `changing the schema: ${migration.name}`);
      for (const statement of migration.statements) {
        await holdOn(state);
        await state.execute(statement);
      }
      if (!(await state.note(migration))) throw lost();
    }
  } finally {
    await state.unlock();
  }
}

async function holdOn(state: SchemaState): Promise<void> {
  if ((await state.lock()) !== true) throw lost();
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

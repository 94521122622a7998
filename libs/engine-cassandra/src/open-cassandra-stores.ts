import type { Chance, Clock } from '#kernel';
import type { Stores } from '#storage';
import { buildStores } from './build-stores.ts';
import {
  type CassandraOptions,
  type CassandraReporter,
  type RequestLimits,
  requestLimits,
} from './cassandra-options.ts';
import { checkClock } from './connection/check-clock.ts';
import { connect } from './connection/connect.ts';
import { Database } from './database/database.ts';
import { Requests } from './database/requests.ts';
import { ensureKeyspace } from './schema/keyspace.ts';
import { migrate } from './schema/migrate.ts';
import { migrations } from './schema/migrations/index.ts';
import { SchemaState } from './schema/schema-state.ts';

/** Many processes start at once, and Cassandra is slow while its tables are made. */
const schemaLimits: RequestLimits = { ...requestLimits, timeoutMs: 30_000 };

/** A database whose schema is that of this program. */
interface OpenDatabase {
  readonly db: Database;
  readonly close: () => Promise<void>;
}

/**
 * Connects, brings the schema to the version of this program, and opens all ports. Rejects with a message for people when
 * something is wrong with the place, the keyspace, the schema or the clocks; nothing is left open or half done then.
 */
export async function openCassandraStores(
  options: CassandraOptions,
  clock: Clock,
  chance: Chance,
  reporter: CassandraReporter,
): Promise<Stores> {
  const { db, close } = await openDatabase(options, clock, chance, reporter);
  try {
    return await buildStores(db, clock, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Brings the schema to the version of this program, as every opening does; rejects as it does. */
export async function migrateCassandra(
  options: CassandraOptions,
  clock: Clock,
  chance: Chance,
  reporter: CassandraReporter,
): Promise<void> {
  const { close } = await openDatabase(options, clock, chance, reporter);
  await close();
}

async function openDatabase(
  options: CassandraOptions,
  clock: Clock,
  chance: Chance,
  reporter: CassandraReporter,
): Promise<OpenDatabase> {
  const connection = await connect(options, reporter);
  const { client } = connection;
  const requests = new Requests({ ...requestLimits, ...options.limits }, clock);
  const context = { ...connection, requests, keyspace: options.keyspace, chance };
  const close = async (): Promise<void> => {
    await requests.idle();
    await client.shutdown();
  };
  try {
    await checkClock(client, clock);
    await ensureKeyspace(client, options);
    const owner = `${process.pid}-${Math.floor(chance() * 2 ** 32).toString(36)}`;
    const patient = { ...context, requests: new Requests(schemaLimits, clock) };
    await migrate(new SchemaState(new Database(patient), client, owner), migrations, clock, reporter);
    return { db: new Database(context), close };
  } catch (error) {
    await close();
    throw error;
  }
}

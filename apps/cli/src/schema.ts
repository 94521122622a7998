import { readConfig, type StoreConfig } from '#config';
import { type CassandraReporter, migrateCassandra, schemaCql } from '#engine-cassandra';
import { systemClock } from '#kernel';

const USAGE = `usage: npm run schema -- print | migrate
  print: the tables that Cassandra gets, as CQL: what each serves, and how large its partitions become.
  migrate: brings the keyspace of CASSANDRA_* to the newest version, as every start does.`;

export async function main([command, ...rest]: string[]): Promise<number> {
  const place = placeOf(process.env);
  if (rest.length > 0) throw new Error(USAGE);
  if (command === 'print') console.log(schemaCql(place));
  else if (command === 'migrate') await migrate(place);
  else throw new Error(USAGE);
  return 0;
}

async function migrate(place: CassandraPlace): Promise<void> {
  await migrateCassandra(place, systemClock, Math.random, onScreen);
  console.log(`the schema of ${place.keyspace} is up to date`);
}

type CassandraPlace = Extract<StoreConfig, { engine: 'cassandra' }>;

/** The services' variables, of which these commands need few: those that say where the data is. */
function placeOf(env: NodeJS.ProcessEnv): CassandraPlace {
  const needless = { AUTH_SECRET: '-'.repeat(32), CASSANDRA_CONTACT_POINTS: '127.0.0.1' };
  const { store } = readConfig({ ...needless, ...env, STORE: 'cassandra' });
  if (store.engine !== 'cassandra') throw new Error('unreachable');
  return store;
}

const onScreen: CassandraReporter = {
  info: (_details, message) => console.log(message),
  warn: (_details, message) => console.error(message),
};

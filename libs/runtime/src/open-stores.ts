import type { StoreConfig } from '#config';
import { openCassandraStores } from '#engine-cassandra';
import { openLmdbStores } from '#engine-lmdb';
import type { Chance, Clock } from '#kernel';
import type { Logger } from '#observability';
import type { Stores } from '#storage';

/** Opens the engine that the configuration names. Rejects with a message for people. */
export async function openStores(config: StoreConfig, clock: Clock, chance: Chance, logger: Logger): Promise<Stores> {
  if (config.engine === 'lmdb') return openLmdbStores(config.dataDir, clock);
  return openCassandraStores(config, clock, chance, logger);
}

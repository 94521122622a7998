import type { StoreConfig } from '#config';
import { openLmdbStores } from '#engine-lmdb';
import type { Chance, Clock } from '#kernel';
import type { Logger } from '#observability';
import type { Stores } from '#storage';

/** Opens the engine that the configuration names. Rejects with a message for people. */
export async function openStores(config: StoreConfig, clock: Clock, _chance: Chance, _logger: Logger): Promise<Stores> {
  if (config.engine === 'lmdb') return openLmdbStores(config.dataDir, clock);
  throw new Error('STORE=cassandra is not there yet');
}

import type { StoreConfig } from '#config';
import { openLmdbStores } from '#engine-lmdb';
import type { Clock } from '#kernel';
import type { Stores } from '#storage';

/** Opens the engine that the configuration names. Throws with a message for people. */
export function openStores(config: StoreConfig, clock: Clock): Stores {
  if (config.engine === 'lmdb') return openLmdbStores(config.dataDir, clock);
  throw new Error('STORE=cassandra is not there yet');
}

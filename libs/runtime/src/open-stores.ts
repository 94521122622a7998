import type { StoreConfig } from '#config';
import { openCassandraStores } from '#engine-cassandra';
import { openLmdbStores } from '#engine-lmdb';
import type { StoreGuard } from '#hot-cache';
import type { Stores } from '#storage';
import type { Opening } from './opening.ts';
import { guardStores, openStoreGuards } from './store-guards.ts';
import { watchGuards } from './watch/watch-guards.ts';
import { watchStores } from './watch/watch-stores.ts';

export interface OpenedStores {
  /** Behind guards. */
  readonly stores: Stores;
  /** For what the cache loads: that has a guard of its own. */
  readonly bareStores: Stores;
  readonly loadGuard: StoreGuard | undefined;
}

/** Opens the engine that the configuration names, and puts guards in front. Rejects with a message for people. */
export async function openStores(opening: Opening): Promise<OpenedStores> {
  const { config, clock, chance, metrics, closers } = opening;
  const engine = closers.add(await openEngine(config.store, opening), (opened) => opened.close());
  const bareStores = watchStores(engine, metrics);
  if (config.cache.without.includes('storeGuard')) return { stores: bareStores, bareStores, loadGuard: undefined };
  const guards = openStoreGuards(clock, chance);
  watchGuards(guards, metrics);
  return { stores: guardStores(bareStores, guards), bareStores, loadGuard: guards.loads };
}

async function openEngine(config: StoreConfig, { clock, chance, logger }: Opening): Promise<Stores> {
  if (config.engine === 'lmdb') return openLmdbStores(config.dataDir, clock);
  return openCassandraStores(config, clock, chance, logger);
}

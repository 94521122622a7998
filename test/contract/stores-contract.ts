import { ManualClock } from '#test';
import type { Stores } from '#storage';
import { countedSetStoreContract } from './counted-set-store.ts';
import { memberIndexStoreContract } from './member-index-store.ts';
import { postStoreContract } from './post-store.ts';
import { recordStoresContract } from './record-stores.ts';
import { relationStoresContract } from './relation-stores.ts';
import type { StoreEngine } from './store-engine.ts';
import { userStoreContract } from './user-store.ts';
import { viewStoreContract } from './view-store.ts';

/** Everything an engine promises, run against the real thing. */
export function storesContract(engine: StoreEngine): void {
  describe(`the storage ports on ${engine.name}`, () => {
    const clock = new ManualClock(Date.now());
    let opened: Stores | undefined;
    const stores = (): Stores => opened!;

    beforeAll(async () => void (opened = await engine.open(clock)));
    afterAll(async () => {
      await opened?.close();
      await engine.shutDown();
    });

    userStoreContract(stores);
    postStoreContract(stores);
    relationStoresContract(stores);
    recordStoresContract(stores, clock);
    countedSetStoreContract(() => stores().countedSets);
    memberIndexStoreContract(() => stores().memberIndex);
    viewStoreContract(() => stores().views);
  });
}

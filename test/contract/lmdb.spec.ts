import { openLmdbStores } from '#engine-lmdb';
import { tempDir } from '#test';
import { storesContract } from './stores-contract.ts';

const dir = tempDir();

storesContract({
  name: 'LMDB',
  open: (clock) => Promise.resolve(openLmdbStores(dir.path, clock)),
  shutDown: () => {
    dir.remove();
    return Promise.resolve();
  },
});

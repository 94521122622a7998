import { countedSetStoreContract } from '../contract/counted-set-store.ts';
import { SimulatedCluster } from './simulated-store.ts';

describe('the simulated store', () => {
  const store = new SimulatedCluster().connect();
  countedSetStoreContract(() => store);
});

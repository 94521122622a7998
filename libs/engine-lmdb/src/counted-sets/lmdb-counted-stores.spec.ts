import { tempDir } from '#test';
import { countedSetStoreContract } from '../../../../test/contract/counted-set-store.ts';
import { memberIndexStoreContract } from '../../../../test/contract/member-index-store.ts';
import { viewStoreContract } from '../../../../test/contract/view-store.ts';
import { LmdbEnvironment } from '../lmdb-environment.ts';
import { LmdbCountedSetStore } from './lmdb-counted-set-store.ts';
import { LmdbMemberIndexStore } from './lmdb-member-index-store.ts';
import { LmdbViewStore } from './lmdb-view-store.ts';

const dir = tempDir();
const env = LmdbEnvironment.open(dir.path);

afterAll(async () => {
  await env.close();
  dir.remove();
});

describe('counted sets on LMDB', () => {
  const sets = new LmdbCountedSetStore(env);
  const index = new LmdbMemberIndexStore(env);
  const views = new LmdbViewStore(env);
  countedSetStoreContract(() => sets);
  memberIndexStoreContract(() => index);
  viewStoreContract(() => views);
});

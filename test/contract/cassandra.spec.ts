// Starts a JVM: some twenty seconds, most of them its own.
import { oneCassandraNode, type TestCassandra } from '../cassandra/test-cassandra.ts';
import { describeWith } from '../local-stack/describe-with.ts';
import { storesContract } from './stores-contract.ts';

jest.setTimeout(300_000);

describeWith(['java', 'mvn'], 'one node of Cassandra', () => {
  let cassandra: TestCassandra;
  storesContract({
    name: 'Cassandra',
    open: async () => {
      cassandra = await oneCassandraNode();
      return cassandra.open();
    },
    shutDown: () => cassandra.stop(),
  });
});

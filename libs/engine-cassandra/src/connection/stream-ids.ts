import StreamIdStack from 'cassandra-driver/lib/stream-id-stack.js';

/** What Cassandra answers under when it has forgotten whom. */
const NOBODY = 0;

let done = false;

/**
 * Keeps the driver from using stream id 0, for all connections of this process. Cassandra 5.0 answers a request that has
 * waited for longer than `native_transport_timeout` (12 s: a node that was frozen, a machine that is overloaded) without
 * saying which (`Dispatcher` sets no stream id, so it is 0). The driver takes that for the answer to its request 0, and frees
 * the id once more than it was taken: from then on two requests have it at once, and each may get the other's answer.
 * Where nobody has the id, such an answer is nobody's, and the request it was meant for runs into its time-out.
 */
export function leaveStreamIdZero(): void {
  if (done) return;
  done = true;
  const { pop, push } = StreamIdStack.prototype;
  StreamIdStack.prototype.pop = function (this: StreamIdStack) {
    const id = pop.call(this);
    if (id !== NOBODY) return id;
    this.inUse--;
    return pop.call(this);
  };
  StreamIdStack.prototype.push = function (this: StreamIdStack, id: number) {
    if (id !== NOBODY) push.call(this, id);
  };
}

import StreamIdStack from 'cassandra-driver/lib/stream-id-stack.js';
import { leaveStreamIdZero } from './stream-ids.ts';

describe('stream ids of the driver', () => {
  beforeAll(leaveStreamIdZero);

  it('are taken once each, whatever is answered under id 0', () => {
    const ids = new StreamIdStack(4);
    const taken = Array.from({ length: 300 }, () => ids.pop());
    ids.push(0); // an answer to nobody, as the driver takes it
    ids.push(0);
    taken.push(...Array.from({ length: 100 }, () => ids.pop()));
    expect(new Set(taken)).toEqual(new Set(Array.from({ length: 400 }, (_, i) => i + 1)));
    expect(ids.inUse).toBe(400);
    for (const id of taken) ids.push(id!);
    expect(ids.inUse).toBe(0);
  });
});

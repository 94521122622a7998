import type { Client } from 'cassandra-driver';
import type { Clock } from '#kernel';

/** As far as the generator of ids lets the clock step back. */
const APART_MAX_MS = 5_000;

/**
 * Throws with a message for people when this machine's clock and Cassandra's are far apart: the newer of two writes is
 * the one with the later time, and ids hold the time of their making.
 */
export async function checkClock(client: Client, clock: Clock): Promise<void> {
  const before = clock.now();
  const result = await client.execute('SELECT toUnixTimestamp(now()) AS ms FROM system.local', [], { prepare: false });
  const after = clock.now();
  const theirs = Number(result.first().get('ms'));
  const aheadMs = before > theirs ? before - theirs : Math.min(0, after - theirs);
  if (Math.abs(aheadMs) <= APART_MAX_MS) return;
  const apart = `${(Math.abs(aheadMs) / 1000).toFixed(0)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
  throw new Error(
    `the clock of this machine is ${apart} that of Cassandra (${result.info.queriedHost}), which orders writes by time: ` +
      'set both by a time server (NTP)',
  );
}

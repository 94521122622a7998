import { ManualClock } from '#test';
import { sharedTierSuite } from './shared-tier-suite.ts';
import { SimulatedServer, SimulatedTier } from './simulated-tier.ts';

sharedTierSuite('simulated', () => {
  const clock = new ManualClock();
  return { tier: new SimulatedTier(new SimulatedServer(clock)), pass: (ms) => clock.advance(ms) };
});

import { ManualClock } from '#test';
import { sharedTierSuite } from './shared-tier-suite.ts';
import { SimulatedTier } from './simulated-tier.ts';

sharedTierSuite('simulated', () => {
  const clock = new ManualClock();
  return { tier: new SimulatedTier(clock), pass: (ms) => clock.advance(ms) };
});

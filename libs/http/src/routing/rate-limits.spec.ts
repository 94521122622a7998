import { RateLimits } from './rate-limits.ts';

const limits = new RateLimits({ read: 3, write: 1, entry: 1, stream: 1 });

describe('RateLimits', () => {
  it('counts each client and each class apart, and says when to come back', async () => {
    for (let i = 0; i < 3; i++) await limits.take('read', 'a');
    await expect(limits.take('read', 'a')).rejects.toMatchObject({ code: 'rate_limited' });
    const error: unknown = await limits.take('read', 'a').catch((refusal: unknown) => refusal);
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs > 0 && retryAfterMs <= 10_000).toBe(true);
    await expect(limits.take('read', 'b')).resolves.toBeUndefined();
    await expect(limits.take('write', 'a')).resolves.toBeUndefined();
  });
});

import { Passwords } from './passwords.ts';

const passwords = new Passwords({ memoryKiB: 64, passes: 1 });

describe('Passwords', () => {
  it('keeps argon2id hashes with a salt of their own', async () => {
    const [a, b] = await Promise.all([passwords.hash('pass word'), passwords.hash('pass word')]);
    expect(a).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    expect(a).not.toBe(b);
    expect(await passwords.verify(a, 'pass word')).toBe(true);
    expect(await passwords.verify(a, 'pass word ')).toBe(false);
  });

  it('does the same work for an account that does not exist, and refuses', async () =>
    expect(await passwords.verify(undefined, 'pass word')).toBe(false));

  it('verifies hashes of another cost', async () => {
    const hash = await new Passwords({ memoryKiB: 32, passes: 2 }).hash('pass word');
    expect(await passwords.verify(hash, 'pass word')).toBe(true);
  });

  it('refuses at once what it could not do soon', async () => {
    const all = await Promise.allSettled(Array.from({ length: 300 }, () => passwords.hash('x')));
    const refused = all.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(300 - 2 - 256);
    expect(refused[0]).toMatchObject({ reason: { code: 'unavailable', retryAfterMs: 1000 } });
  });
});

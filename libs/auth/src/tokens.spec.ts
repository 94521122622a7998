import { createHmac } from 'node:crypto';
import type { UserId } from '#ids';
import { ManualClock } from '#test';
import { Tokens } from './tokens.ts';

const SECRET = 'a secret of some length';
const USER = 42n as UserId;
const HOUR_MS = 3_600_000;

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part = ''): object => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
/** A token as somebody with the secret would make it by hand. */
function forge(header: object, claims: object, secret = SECRET): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('Tokens', () => {
  const clock = new ManualClock();
  const nowS = clock.now() / 1000;
  const open = (options = {}) => new Tokens({ secret: SECRET, ttlMs: HOUR_MS, clock, ...options });
  const tokens = open();

  it('issues what it verifies', async () => {
    const { token, expiresAtMs } = await tokens.issue({ userId: USER });
    expect(expiresAtMs).toBe(clock.now() + HOUR_MS);
    expect(await tokens.verify(token)).toEqual({ userId: USER, ops: false, expiresAtMs });
    expect(decode(token.split('.')[1])).toEqual({ sub: '42', iat: nowS, exp: nowS + 3600 });
  });

  it('knows operators, with and without an account', async () => {
    const [both, alone] = [await tokens.issue({ userId: USER, ops: true }), await tokens.issue({ ops: true })];
    expect(await tokens.verify(both.token)).toMatchObject({ userId: USER, ops: true });
    expect(await tokens.verify(alone.token)).toMatchObject({ userId: undefined, ops: true });
  });

  it('remembers what it has verified, until it expires', async () => {
    const moving = new ManualClock();
    const fresh = open({ clock: moving });
    const { token } = await fresh.issue({ userId: USER });
    expect(fresh.peek(token)).toBeUndefined();
    const identity = await fresh.verify(token);
    expect(fresh.peek(token)).toBe(identity);
    await moving.advance(HOUR_MS);
    expect(fresh.peek(token)).toBeUndefined();
    await expect(fresh.verify(token)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('remembers no more than it may', async () => {
    const small = open({ rememberedMax: 2 });
    const all = [1n, 2n, 3n].map(async (id) => {
      const { token } = await small.issue({ userId: id as UserId });
      await small.verify(token);
      return token;
    });
    const remembered = (await Promise.all(all)).map((token) => small.peek(token));
    expect(remembered.filter((identity) => identity === undefined)).toHaveLength(1);
  });

  it('accepts old secrets by their kid, signs with the new one, and forgets a secret that is gone', async () => {
    const { token } = await tokens.issue({ userId: USER });
    const rotated = open({ secret: 'the next secret', previousSecrets: [SECRET] });
    expect(await rotated.verify(token)).toMatchObject({ userId: USER });
    const next = await rotated.issue({ userId: USER });
    await expect(tokens.verify(next.token)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(open({ secret: 'the next secret' }).verify(token)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('takes a hand-made token of the current secret without a kid', async () => {
    const token = forge({ alg: 'HS256' }, { sub: '7', exp: nowS + 60 });
    expect(await tokens.verify(token)).toMatchObject({ userId: 7n });
  });

  const good = { sub: '42', exp: nowS + 60 };
  const hs256 = { alg: 'HS256', typ: 'JWT' };
  it.each([
    ['nothing', ''],
    ['garbage', 'garbage'],
    ['dots', '..'],
    ['no JSON', 'a.b.c'],
    ['alg none', `${encode({ alg: 'none' })}.${encode(good)}.`],
    ['alg None with a signature', forge({ alg: 'None' }, good)],
    ['another algorithm', forge({ alg: 'HS512' }, good)],
    ['an empty key', forge(hs256, good, '')],
    ['another key', forge(hs256, good, 'another secret')],
    ['an unknown kid', forge({ ...hs256, kid: 'unknown' }, good)],
    ['a kid that is no string', forge({ ...hs256, kid: 5 }, good)],
    ['an unknown critical header', forge({ ...hs256, crit: ['x'], x: 1 }, good)],
    ['expired', forge(hs256, { sub: '42', exp: nowS })],
    ['no expiry', forge(hs256, { sub: '42' })],
    ['an expiry that is no number', forge(hs256, { sub: '42', exp: '9999999999' })],
    ['not valid yet', forge(hs256, { ...good, nbf: nowS + 30 })],
    ['no subject', forge(hs256, { exp: nowS + 60 })],
    ['a subject that is no id', forge(hs256, { ...good, sub: 'ann' })],
    ['a subject beyond 63 bits', forge(hs256, { ...good, sub: String(2n ** 63n) })],
    ['a scope that only looks like ops', forge(hs256, { sub: 'x', exp: nowS + 60, scope: 'opss' })],
    ['claims that are no object', forge(hs256, [1])],
    ['too long', forge(hs256, { ...good, more: 'x'.repeat(5_000) })],
  ])('refuses %s', async (_what, token) => {
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(tokens.peek(token)).toBeUndefined();
  });
});

import type { UserId } from '#ids';
import { type AccountsApp, openAccountsApp } from './support/accounts-app.ts';
import { type Answer, problemIn } from './support/problem.ts';

interface Registered {
  readonly user: {
    readonly id: string;
    readonly handle: string;
    readonly displayName: string;
    readonly createdAt: string;
  };
  readonly token: string;
  readonly expiresAt: string;
}

describe('accounts', () => {
  let accounts: AccountsApp;
  beforeAll(async () => (accounts = await openAccountsApp()));
  afterAll(() => accounts.close());

  function ask(method: 'GET' | 'POST' | 'PATCH', url: string, body?: object, token?: string): Promise<Answer> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return accounts.app.inject({ method, url, headers, ...(body && { payload: body }) });
  }
  const json = ({ body }: Answer): unknown => JSON.parse(body);
  const register = async (handle: string, more: object = {}): Promise<Registered> => {
    const answer = await ask('POST', '/v1/users', { handle, password: 'pass word 1', ...more });
    expect(answer.statusCode).toBe(201);
    return json(answer) as Registered;
  };
  const NUMBERS = { followerCount: 3, followingCount: 2, postCount: 1 };

  it('registers, shows what was registered, and gives a token for it', async () => {
    const made = await register('Dan_1', { displayName: 'Dan 😀' });
    expect(Object.keys(made).sort()).toEqual(['expiresAt', 'token', 'user']);
    const { id, createdAt } = made.user;
    expect(made.user).toEqual({ id, handle: 'dan_1', displayName: 'Dan 😀', createdAt, ...NUMBERS });
    expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(60_000);
    expect(Date.parse(made.expiresAt)).toBeGreaterThan(Date.now());
    expect(json(await ask('GET', '/v1/me', undefined, made.token))).toEqual(made.user);
  });

  it('takes the handle for a name that nobody gave', async () =>
    expect((await register('plain')).user.displayName).toBe('plain'));

  it('gives a handle to one user, whatever its case and however many ask', async () => {
    const race = await Promise.all(
      ['race', 'RACE', 'Race', 'rAce'].map((handle) => ask('POST', '/v1/users', { handle, password: 'pass word 1' })),
    );
    expect(race.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409, 409]);
    expect(problemIn(await ask('POST', '/v1/users', { handle: 'race', password: 'pass word 1' }))).toEqual([
      'handle_taken',
    ]);
  });

  it('keeps nothing of a refused registration', async () => {
    const refused = await ask('POST', '/v1/users', { handle: 'eve', password: 'short', ops: true });
    expect(problemIn(refused)).toEqual(['validation_failed', 'password too_short', 'ops unknown_field']);
    expect(problemIn(await ask('GET', '/v1/users/@eve'))).toEqual(['not_found']);
  });

  it('keeps the password as an argon2id hash alone', async () => {
    const { user } = await register('hashed', { password: 'tr0ub4dor&3' });
    expect(await accounts.stores.users.findPasswordHash(BigInt(user.id) as UserId)).toMatch(/^\$argon2id\$/);
    expect(accounts.lines.join('')).not.toContain('tr0ub4dor');
  });

  it('signs in, in any case of the handle', async () => {
    const { user } = await register('signer');
    const answer = await ask('POST', '/v1/sessions', { handle: 'SIGNER', password: 'pass word 1' });
    expect(answer.statusCode).toBe(201);
    const { token } = json(answer) as Registered;
    expect(json(await ask('GET', '/v1/me', undefined, token))).toMatchObject({ id: user.id });
  });

  it('answers alike to a wrong password and to a handle that nobody has', async () => {
    await register('known');
    for (const [handle, password] of [
      ['known', 'wrong word'],
      ['known', 'x'],
      ['unknown', 'pass word 1'],
    ])
      expect(problemIn(await ask('POST', '/v1/sessions', { handle, password }))).toEqual(['bad_credentials']);
    const malformed = await ask('POST', '/v1/sessions', { handle: { $ne: '' }, password: 'pass word 1', x_y: 1 });
    expect(problemIn(malformed)).toEqual(['validation_failed', 'handle wrong_type', 'x_y unknown_field']);
  });

  it('changes the name and nothing else', async () => {
    const { token, user } = await register('changer');
    const patched = await ask('PATCH', '/v1/me', { displayName: 'Ann A.' }, token);
    expect(json(patched)).toEqual({ ...user, displayName: 'Ann A.' });
    expect(json(await ask('GET', '/v1/users/@changer'))).toMatchObject({ displayName: 'Ann A.' });
    expect(problemIn(await ask('PATCH', '/v1/me', { handle: 'root' }, token))).toEqual([
      'validation_failed',
      'displayName required',
      'handle unknown_field',
    ]);
  });

  it('shows a user by id and handle, with the follow of whoever asks', async () => {
    const [ann, bob] = [await register('ann'), await register('bob')];
    for (const who of [bob.user.id, '@bob', '@BOB'])
      expect(json(await ask('GET', `/v1/users/${who}`, undefined, ann.token))).toEqual({
        ...bob.user,
        following: false,
      });
    accounts.follows.pairs.add(`${ann.user.id} ${bob.user.id}`);
    expect(json(await ask('GET', '/v1/users/@bob', undefined, ann.token))).toMatchObject({ following: true });
    const open = await ask('GET', '/v1/users/@bob');
    expect(json(open)).toMatchObject({ following: null });
    expect(open.headers['cache-control']).toMatch(/^public/);
    expect(open.headers.etag).toBeDefined();
  });

  it('knows whom it does not know', async () => {
    for (const who of ['@nobody', '221184398712832000'])
      expect(problemIn(await ask('GET', `/v1/users/${who}`))).toEqual(['not_found']);
    for (const who of ['ann', '@x', '0', '@a-b-c'])
      expect(problemIn(await ask('GET', `/v1/users/${who}`))).toEqual(['validation_failed', 'user malformed']);
  });

  it('refuses a good token whose account is gone', async () => {
    const { token } = await accounts.tokens.issue({ userId: 12345n as UserId });
    expect(problemIn(await ask('GET', '/v1/me', undefined, token))).toEqual(['unauthorized']);
    expect(problemIn(await ask('PATCH', '/v1/me', { displayName: 'x' }, token))).toEqual(['unauthorized']);
  });
});

describe('the sign-in throttle', () => {
  let accounts: AccountsApp;
  beforeAll(async () => (accounts = await openAccountsApp({ throttled: true })));
  afterAll(() => accounts.close());

  const signIn = (handle: string, password: string, remoteAddress: string) =>
    accounts.app.inject({ method: 'POST', url: '/v1/sessions', payload: { handle, password }, remoteAddress });

  it('stops a guesser and not the owner, and tells nothing of which handles exist', async () => {
    const registration = { handle: 'victim', password: 'pass word 1' };
    await accounts.app.inject({ method: 'POST', url: '/v1/users', payload: registration });
    const guess = async (handle: string, address: string): Promise<number[]> => {
      const all = await Promise.all(Array.from({ length: 12 }, (_, i) => signIn(handle, `wrong word ${i}`, address)));
      return all.map(({ statusCode }) => statusCode).sort();
    };
    const expected = [...Array<number>(10).fill(401), 429, 429];
    expect(await guess('victim', '203.0.113.1')).toEqual(expected);
    expect(await guess('nobody', '203.0.113.1')).toEqual(expected);
    expect((await signIn('victim', 'pass word 1', '203.0.113.1')).statusCode).toBe(429);
    expect((await signIn('victim', 'pass word 1', '203.0.113.2')).statusCode).toBe(201);
  });
});

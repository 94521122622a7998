import { idempotencyKeyOf } from './idempotency-key.ts';

const given = (key?: string) => ({ headers: key === undefined ? {} : { 'idempotency-key': key } });

describe('Idempotency-Key', () => {
  it.each([undefined, 'k', '!~', 'k'.repeat(128)])('takes %j', (key) => expect(idempotencyKeyOf(given(key))).toBe(key));
  it.each(['', 'a b', 'clé', 'k'.repeat(129), 'a, b', '\t'])('refuses %j', (key) =>
    expect(() => idempotencyKeyOf(given(key))).toThrow(expect.objectContaining({ code: 'validation_failed' }) as Error),
  );
});

import { requestIds } from './request-id.ts';

const given = (id?: string) => ({ headers: id === undefined ? {} : { 'x-request-id': id } });

describe('requestIds', () => {
  it('makes ids that differ, also between processes', () => {
    const [one, other] = [requestIds(), requestIds()];
    const ids = [one(given()), one(given()), other(given())];
    expect(new Set(ids).size).toBe(3);
  });

  it('keeps what a proxy gave', () => expect(requestIds()(given('6f9619ff-8b86'))).toBe('6f9619ff-8b86'));
  it.each(['short', 'x'.repeat(65), 'with a space', 'line\nbreak', '<script>alert(1)'])('makes its own for %j', (id) =>
    expect(requestIds()(given(id))).not.toBe(id),
  );
});

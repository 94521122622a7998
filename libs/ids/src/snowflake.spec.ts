import { ManualClock } from '#test';
import { ID_MAX, parseId } from './id.ts';
import { idAt, IdGenerator, timeOf } from './snowflake.ts';

describe('IdGenerator', () => {
  it('gives ids that grow, also within one millisecond and beyond its 4,096 sequences', () => {
    const ids = new IdGenerator(new ManualClock(), 7);
    let last = 0n;
    for (let i = 0; i < 10_000; i++) {
      const id = ids.next();
      expect(id > last).toBe(true);
      last = id;
    }
  });

  it('keeps two workers apart at the same moment', () => {
    const clock = new ManualClock();
    const [a, b] = [new IdGenerator(clock, 1), new IdGenerator(clock, 2)];
    const made = new Set(Array.from({ length: 100 }, () => [a.next(), b.next()]).flat());
    expect(made.size).toBe(200);
  });

  it('goes on from the newest moment when the wall clock steps back a little, and refuses when it steps back far', () => {
    const clock = new ManualClock();
    const ids = new IdGenerator(clock, 0);
    const before = ids.next();
    clock.stepWall(-4_000);
    expect(ids.next() > before).toBe(true);
    clock.stepWall(-2_000);
    expect(() => ids.next()).toThrow('the clock stepped back');
    clock.stepWall(6_000);
    expect(ids.next() > before).toBe(true);
  });

  it('gives nothing below what a predecessor with the same worker number may have used', () => {
    const clock = new ManualClock();
    const start = clock.now() + 1_000;
    expect(timeOf(new IdGenerator(clock, 0, start).next())).toBe(start);
  });

  it('carries its time', () => {
    const clock = new ManualClock();
    const id = new IdGenerator(clock, 1023).next();
    expect(timeOf(id)).toBe(clock.now());
    expect(idAt(clock.now()) <= id && id < idAt(clock.now() + 1)).toBe(true);
  });
});

describe('parseId', () => {
  it.each(['1', '42', String(ID_MAX)])('takes %s', (text) => expect(parseId(text)).toBe(BigInt(text)));
  it.each([
    '',
    '0',
    '01',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1.0',
    '1e3',
    '0x1',
    'abc',
    '١',
    String(ID_MAX + 1n),
    '9'.repeat(5000),
  ])('refuses %j', (text) => expect(parseId(text)).toBeUndefined());
});

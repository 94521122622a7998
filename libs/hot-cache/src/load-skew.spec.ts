import { loadSkew } from './load-skew.ts';

it('tells how uneven a load is', () => {
  expect(loadSkew({ a: 10, b: 10, c: 10 })).toEqual({ ratio: 1, busiest: 'a', alert: false });
  expect(loadSkew({ a: 0, b: 0, c: 0, d: 8 })).toEqual({ ratio: 4, busiest: 'd', alert: true });
  expect(loadSkew({ a: 0 })).toEqual({ ratio: 1, busiest: undefined, alert: false });
});

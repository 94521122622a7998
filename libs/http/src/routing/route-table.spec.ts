import { RouteTable } from './route-table.ts';

describe('RouteTable', () => {
  const table = new RouteTable();
  table.add('GET', '/v1/users/:user');
  table.add(['PUT', 'DELETE'], '/v1/users/:user/follow');
  table.add('POST', '/v1/users');
  table.add('GET', '/v1/users/known');

  it.each([
    ['/v1/users/7', ['GET']],
    ['/v1/users/7?x=1', ['GET']],
    ['/v1/users/7/follow', ['DELETE', 'PUT']],
    ['/v1/users/known', ['GET']],
    ['/v1/users', ['POST']],
    ['/v1/users/', []],
    ['/v1/users//follow', []],
    ['/v1/nothing', []],
    ['/', []],
    ['', []],
  ])('%s has %j', (url, methods) => expect(table.methodsOf(url)).toEqual(methods));
});

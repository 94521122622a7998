import { openProbeApp, type ProbeApp } from './support/probe-app.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: object;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly examples?: object }>> }>
  >;
  readonly security?: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

describe('the OpenAPI document', () => {
  let probe: ProbeApp;
  let text: string;
  let document: Document;
  beforeAll(async () => {
    probe = await openProbeApp();
    text = (await probe.app.inject('/openapi.json')).body;
    document = JSON.parse(text) as Document;
  });
  afterAll(() => probe.app.close());

  const operation = (method: string, path: string): Operation => document.paths[path]![method]!;
  const problems = (method: string, path: string, status: number): string[] =>
    Object.keys(operation(method, path).responses[status]?.content?.['application/problem+json']?.examples ?? {});

  it('is of version 3.1 and has a component for every reference', () => {
    expect(document.openapi).toBe('3.1.0');
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(10);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(references));
    expect(text).not.toContain('$defs');
  });

  it('knows paths, queries and bodies by their schemas', () => {
    expect(operation('get', '/v1/posts/{id}').parameters).toMatchObject([{ name: 'id', in: 'path', required: true }]);
    expect(operation('get', '/v1/list').parameters).toMatchObject([
      { name: 'limit', in: 'query', required: false },
      { name: 'cursor', in: 'query', required: false },
    ]);
    expect(operation('post', '/v1/posts').requestBody).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/NewPost' } } },
    });
  });

  it('has every error of a route, with an example', () => {
    expect(problems('post', '/v1/posts', 400)).toEqual(['validation_failed', 'bad_json']);
    expect(problems('get', '/v1/list', 400)).toEqual(['validation_failed', 'bad_cursor']);
    expect(problems('get', '/v1/ops', 403)).toEqual(['missing_scope']);
    for (const status of [401, 429, 500, 503]) expect(problems('get', '/v1/me', status)).toHaveLength(1);
    for (const status of [413, 415]) expect(problems('post', '/v1/posts', status)).toHaveLength(1);
    expect(Object.keys(operation('get', '/healthz').responses)).toEqual(['200']);
  });

  it('says where a token is needed', () => {
    expect(operation('get', '/v1/me').security).toEqual([{ bearer: [] }]);
    expect(operation('get', '/v1/posts/{id}').security).toEqual(expect.arrayContaining([{}, { bearer: [] }]));
    expect(operation('get', '/healthz').security).toBeUndefined();
  });

  it('has pages, whose assets come from here', async () => {
    const { body } = await probe.app.inject('/docs');
    const assets = [...body.matchAll(/(?:src|href)="\.(\/docs\/[\w.-]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(3);
    for (const path of assets) expect((await probe.app.inject(path)).statusCode).toBe(200);
  });
});

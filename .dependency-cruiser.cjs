/** Who may import whom: downwards only, and a lib's inside stays its own. See ARCHITECTURE.md, "The layers". */
const layers = [
  ['kernel'],
  ['ids'],
  ['storage'],
  ['auth', 'hot-cache', 'counters', 'inbox', 'fanout', 'presentation', 'observability'],
  ['engine-cassandra', 'engine-lmdb', 'engine-redis', 'local-stack'],
  ['config'],
  ['http'],
  ['runtime'],
  ['social', 'timeline', 'delivery', 'ops', 'service'],
];
const lib = (names) => `^libs/(${names.join('|')})/`;

const downwards = layers.map((names, i) => ({
  name: `layer-${names[0]}`,
  comment: 'A lib imports from the layers below it only; libs of one layer do not know each other.',
  severity: 'error',
  from: { path: lib(names) },
  to: {
    path: '^libs/([^/]+)/',
    pathNot: [
      ...layers
        .slice(0, i)
        .flat()
        .map((name) => `^libs/${name}/`),
      '^libs/$1/',
    ],
  },
}));
const vendors = { 'engine-cassandra': 'cassandra-driver', 'engine-lmdb': 'lmdb', 'engine-redis': 'ioredis' };

module.exports = {
  forbidden: [
    ...downwards,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'index-only',
      comment: "A lib is imported by its index alone (as '#name'), except by its own files.",
      severity: 'error',
      from: { path: '^(libs/([^/]+)|apps|test)/' },
      to: { path: '^libs/[^/]+/.+', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$2/'] },
    },
    ...Object.entries(vendors).map(([name, vendor]) => ({
      name: `vendor-${vendor}`,
      comment: 'A vendor is known to one engine only.',
      severity: 'error',
      from: { path: '^libs/', pathNot: [`^libs/${name}/`, '\\.spec\\.ts$'] },
      to: { path: `node_modules/${vendor}/` },
    })),
    {
      name: 'plain-mechanisms',
      comment: 'Ground, ports and mechanisms are plain TypeScript: no Nest.',
      severity: 'error',
      from: {
        path: '^libs/(kernel|ids|storage|auth|hot-cache|counters|inbox|fanout|presentation|observability|engine-[a-z]+)/',
      },
      to: { path: 'node_modules/@nestjs/' },
    },
    { name: 'libs-do-not-know-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'code-does-not-know-tests',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/' },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};

/**
 * Who may import whom. A rule's comment is the reason that a refused import is shown; CONTRIBUTING.md has the picture.
 * test/house proves that the modules are seen and that each kind of forbidden import is found.
 */
const ROOMS = [
  'main\\.ts',
  'cli',
  'api',
  'workers',
  'flows',
  'sql',
  'platform',
  'contracts',
  'agents',
  'clients',
  'web',
  'test',
  'bench',
];

/** Files of `from` may import, of our own code, only themselves and `to`. */
function room(from, to, comment, exceptions = {}) {
  const others = ROOMS.filter((name) => name !== from && !to.includes(name));
  return {
    name: `${from.replace('\\.ts', '')}-imports`,
    comment,
    severity: 'error',
    from: { path: inRoom([from]), ...exceptions },
    to: { path: inRoom(others) },
  };
}

function inRoom(names) {
  return `^(${names.map((name) => (name.endsWith('.ts') ? `${name}$` : `${name}/`)).join('|')})`;
}

/** The part of flows with effects: starting runs, their transitions, their jobs. Everything else in flows is pure. */
const SUBMIT =
  '^flows/(submit|new-run|retry-run|plans|dispatch|aftermath|engine|control|make-room|mark-node|flows)\\.ts$';

const PROVIDER_FETCH = '^api/auth/provider-fetch\\.ts$';

const COMPOSED = ['api', 'workers', 'flows', 'sql', 'platform', 'contracts'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    room(
      'main\\.ts',
      COMPOSED,
      'main.ts builds the rooms and is imported by nobody; what it needs of the CLI belongs elsewhere.',
    ),
    room('cli', COMPOSED, 'The CLI talks to a service over HTTP or composes the rooms; it knows no agent and no page.'),
    room(
      'api',
      ['flows', 'sql', 'platform', 'contracts'],
      'API and workers meet in queues and tables, so that each can be deployed alone.',
      { pathNot: PROVIDER_FETCH },
    ),
    {
      name: 'provider-fetch-imports',
      comment:
        'Requests to the login provider go by the checked addresses of agents/kit/http: there is one list of inner networks.',
      severity: 'error',
      from: { path: PROVIDER_FETCH },
      to: { path: '^(?!agents/kit/http/|node_modules/)[a-z]+/', dependencyTypesNot: ['core', 'npm'] },
    },
    room(
      'workers',
      ['flows', 'sql', 'platform', 'contracts'],
      'Workers start agents by reference and meet the API in queues and tables.',
    ),
    room('flows', ['contracts'], 'flows is pure: same input, same output, testable without a server.', {
      pathNot: SUBMIT,
    }),
    {
      name: 'flows-submit-imports',
      comment: 'What has effects in flows stores and changes runs and adds jobs, and may use sql and platform.',
      severity: 'error',
      from: { path: SUBMIT },
      to: { path: inRoom(ROOMS.filter((name) => !['flows', 'sql', 'platform', 'contracts'].includes(name))) },
    },
    room('sql', ['platform', 'contracts'], 'Queries know tables, not who asks.'),
    room('platform', ['contracts'], 'platform is a leaf: everything may stand on it, so it stands on nothing.'),
    room('contracts', [], 'contracts is what all sides agree on; it must load anywhere, the browser included.'),
    room('agents', [], 'Agents ship alone: they share nothing but agents/kit, which is bundled into each.'),
    room('clients', [], 'Clients ship alone: they know of the service what its OpenAPI document says.'),
    room('web', ['clients', 'contracts'], 'The console runs in a browser and meets the service over HTTP.'),
    {
      name: 'agent-to-agent',
      comment: 'Each agent builds and ships alone; what two need goes into agents/kit.',
      severity: 'error',
      from: { path: '^agents/([^/]+)/' },
      to: { path: '^agents/', pathNot: '^agents/($1|kit)/' },
    },
    {
      name: 'contracts-packages',
      comment: 'contracts imports zod and nothing else: no I/O, no Node.',
      severity: 'error',
      from: { path: '^contracts/' },
      to: { pathNot: '^(contracts/|node_modules/zod/)' },
    },
    {
      name: 'flows-io',
      comment: 'flows is pure: no files, processes or network.',
      severity: 'error',
      from: { path: '^flows/', pathNot: SUBMIT },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|net|http|https|child_process|worker_threads|dns|tls|process)(/|$)',
      },
    },
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-development-packages',
      comment: 'The service runs after npm ci --omit=dev.',
      severity: 'error',
      from: { path: '^(main\\.ts$|api/|cli/|contracts/|flows/|platform/|sql/|workers/)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unlisted-packages',
      comment: 'What is imported stands in package.json, or an update of something else takes it away.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolved',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    preserveSymlinks: true,
    doNotFollow: { path: ['node_modules', '\\.generated\\.ts$'] },
    exclude: { path: '^(dist|agents/[^/]+/dist|test/.*/fixtures)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
    progress: { type: 'none' },
  },
};

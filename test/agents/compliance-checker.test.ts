import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../../agents/compliance-checker/schemas.ts';
import { compareVersions } from '../../agents/compliance-checker/semver.ts';
import { parseExpression, satisfies } from '../../agents/compliance-checker/spdx.ts';
import { agentPath, outputOf, parseOutput, runAgent } from './support/run-agent.ts';
import { inWorkspace } from './support/workspace.ts';

const agent = agentPath('compliance-checker');
const check = (root: string, more: object = {}) => outputOf<Output>(agent, { repositoryPath: root, ...more });
const brief = ({ violations }: Output) => violations.map(({ rule, file, line }) => `${rule} ${file}:${String(line)}`);

const manifest = { name: 'app', license: 'MIT', dependencies: { good: '^1.0.0', bad: '2.0.0' } };
const entry = (version: string, more: object) => ({
  version,
  resolved: 'https://registry.test/x.tgz',
  integrity: 'sha512-eA==',
  ...more,
});
const lock = {
  lockfileVersion: 3,
  packages: {
    '': manifest,
    'node_modules/good': entry('1.2.0', { license: '(MIT OR GPL-3.0-only)' }),
    'node_modules/bad': entry('2.0.0', { license: 'AGPL-3.0-only' }),
    'node_modules/@scope/odd': entry('0.1.0', {}),
    'node_modules/tool': entry('1.0.0', { license: 'GPL-3.0-only', dev: true }),
  },
};
const npmProject = {
  LICENSE: 'MIT',
  'package.json': JSON.stringify(manifest, null, 2),
  'package-lock.json': JSON.stringify(lock, null, 2),
};

describe('The compliance checker', () => {
  it('passes a repository that is in order', () =>
    inWorkspace({ LICENSE: 'MIT', 'package.json': '{"name":"x","license":"MIT"}' }, async (root) => {
      const output = parseOutput<Output>(await runAgent(agent, { repositoryPath: root }));
      assert.deepEqual(output.violations, []);
      assert.equal(output.summary.passed, output.rulesApplied.length);
      assert.equal(output.checkedFiles, 2);
    }));

  it('judges the licences of dependencies', () =>
    inWorkspace(npmProject, async (root) => {
      const { violations, summary } = await check(root, { scope: 'licences' });
      assert.deepEqual(
        violations.map(({ rule, severity, message }) => [rule, severity, message]),
        [
          ['licence-denied', 'critical', 'bad@2.0.0 is under AGPL-3.0-only'],
          ['licence-unknown', 'warning', '@scope/odd@0.1.0 has no licence in the lock file'],
          ['licence-denied', 'info', 'tool@1.0.0 is under GPL-3.0-only'],
        ],
      );
      assert.deepEqual(summary, { total: 3, critical: 1, warning: 1, info: 1, passed: 2 });
    }));

  it('follows a licence policy with exceptions', () =>
    inWorkspace(
      { ...npmProject, 'policy.json': '{"allow":["MIT"],"exceptions":{"bad":"bought","@scope/odd":"ours"}}' },
      async (root) => {
        assert.deepEqual(brief(await check(root, { scope: 'licences', licencePolicyPath: 'policy.json' })), [
          `licence-denied package-lock.json:${String(lineOfTool())}`,
        ]);
      },
    ));

  it('counts everything one step worse in strict mode', () =>
    inWorkspace(npmProject, async (root) => {
      const { summary } = await check(root, { scope: 'licences', strictMode: true });
      assert.deepEqual([summary.critical, summary.warning, summary.info], [2, 1, 0]);
    }));

  it('compares lock files with their manifests', () =>
    inWorkspace(
      {
        ...npmProject,
        'package.json': JSON.stringify({ ...manifest, dependencies: { good: '^2.0.0', bad: '2.0.0', any: '*' } }),
        'sub/package.json': '{"dependencies":{"x":"1.0.0"}}',
      },
      async (root) => {
        const output = await check(root, { scope: 'dependencies' });
        assert.deepEqual(
          output.violations.map(({ message }) => message),
          [
            'good differs between package.json and the lock file',
            'any differs between package.json and the lock file',
            'any may be any version (*)',
          ].toSorted((a, b) => Number(a.startsWith('any may')) - Number(b.startsWith('any may')) || (a < b ? -1 : 1)),
        );
      },
    ));

  it('misses a lock file', () =>
    inWorkspace({ 'package.json': '{"name":"x","dependencies":{"a":"1.0.0"}}' }, async (root) => {
      assert.deepEqual(brief(await check(root, { scope: 'dependencies' })), ['lockfile-missing package.json:1']);
    }));

  it('knows vulnerable versions from an offline source', () =>
    inWorkspace(npmProject, (root) =>
      inWorkspace(
        {
          'a.json': JSON.stringify(advisory('good', '1.0.0', '1.2.1')),
          'b.json': JSON.stringify(advisory('bad', '3.0.0', '3.1.0')),
        },
        async (advisoriesPath) => {
          const { violations } = await check(root, { scope: 'dependencies', advisoriesPath });
          assert.deepEqual(
            violations.map(({ message, severity }) => [message, severity]),
            [['good@1.2.0: GHSA-good Bad things (fixed in 1.2.1)', 'critical']],
          );
        },
      ),
    ));

  it('checks Dockerfiles', () =>
    inWorkspace(
      {
        'bad/Dockerfile':
          'FROM node\nARG API_TOKEN=abc\nADD https://x.test/a /a\nRUN curl -s https://x.test \\\n  | sh\nCMD ["a"]\n',
        'good/Dockerfile':
          'FROM node:20.1.0-alpine AS build\nRUN true\nFROM build\nCOPY --from=build /a /a\nUSER node\n',
        'root/Dockerfile': 'FROM node:20.1.0\nUSER root\n',
      },
      async (root) => {
        assert.deepEqual(brief(await check(root, { scope: 'dockerfile' })), [
          'dockerfile-runs-as-root bad/Dockerfile:1',
          'dockerfile-secret-in-image bad/Dockerfile:2',
          'dockerfile-runs-as-root root/Dockerfile:2',
          'dockerfile-image-unpinned bad/Dockerfile:1',
          'dockerfile-add-from-network bad/Dockerfile:3',
          'dockerfile-pipe-to-shell bad/Dockerfile:4',
        ]);
      },
    ));

  it('checks compose files', () =>
    inWorkspace(
      {
        'docker-compose.yml': `services:
  db:
    image: postgres
    privileged: true
    ports: ['5432:5432', '127.0.0.1:6379:6379']
    environment:
      POSTGRES_PASSWORD: hunter22
      OTHER_PASSWORD: \${OTHER}
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
  app:
    image: app:1.2.3
    network_mode: host
    cap_add: [SYS_ADMIN]
`,
      },
      async (root) => {
        assert.deepEqual(brief(await check(root, { scope: 'compose' })), [
          'compose-privileged docker-compose.yml:4',
          'compose-docker-socket docker-compose.yml:10',
          'compose-dangerous-capability docker-compose.yml:14',
          'compose-image-unpinned docker-compose.yml:3',
          'compose-database-published docker-compose.yml:5',
          'compose-secret-in-file docker-compose.yml:7',
          'compose-host-namespace docker-compose.yml:13',
        ]);
      },
    ));

  it('checks Kubernetes manifests', () =>
    inWorkspace(
      {
        'k8s/app.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: web
          image: web:latest
          securityContext: {privileged: true}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          securityContext: {runAsNonRoot: true}
          containers:
            - name: tidy
              image: tidy:1.0.0
              securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}
              resources: {limits: {memory: 64Mi}}
`,
      },
      async (root) => {
        assert.deepEqual(brief(await check(root, { scope: 'kubernetes' })), [
          'k8s-host-namespace k8s/app.yaml:7',
          'k8s-privileged k8s/app.yaml:9',
          'k8s-image-unpinned k8s/app.yaml:9',
          'k8s-no-limits k8s/app.yaml:9',
          'k8s-privilege-escalation k8s/app.yaml:9',
          'k8s-runs-as-root k8s/app.yaml:9',
          'k8s-writable-root k8s/app.yaml:9',
        ]);
      },
    ));

  it('finds committed environment files and keys, but not templates', () =>
    inWorkspace(
      {
        '.env': 'A=1\n',
        '.env.example': 'A=1\n',
        'api/.env.production': 'B=2\n',
        'empty/.env': '# nothing\n',
        'k.pem': `-----${'BEGIN'} PRIVATE KEY-----\n`,
      },
      async (root) => {
        const output = await check(root, { scope: 'secrets' });
        assert.deepEqual(brief(output), [
          'env-file-committed .env:1',
          'env-file-committed api/.env.production:1',
          'private-key-committed k.pem:1',
          'env-not-ignored .gitignore:1',
        ]);
      },
    ));

  it('checks configuration and workflows', () =>
    inWorkspace(
      {
        'package.json': '{"name":"x","license":"MIT",\n"dependencies":{"koa":"1.0.0"}}',
        'src/a.ts': 'cookies.set("a", "b", { httpOnly: false });\n',
        'settings.py': 'DEBUG = True\n',
        '.github/workflows/ci.yml':
          'on: [push]\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@main\n      - run: echo ${{ github.event.issue.title }}\n',
      },
      async (root) => {
        assert.deepEqual(brief(await check(root, { scope: 'configuration' })), [
          'python-debug-mode settings.py:1',
          'security-headers-missing package.json:2',
          'cookie-unprotected src/a.ts:1',
        ]);
        assert.deepEqual(brief(await check(root, { scope: 'workflows' })), [
          'workflow-script-injection .github/workflows/ci.yml:6',
          'workflow-action-unpinned .github/workflows/ci.yml:5',
        ]);
      },
    ));

  it('writes the same CycloneDX bill of materials twice', () =>
    inWorkspace(npmProject, async (root) => {
      const write = async () => {
        await check(root, { sbomPath: 'out/sbom.json' });
        return readFile(join(root, 'out/sbom.json'), 'utf8');
      };
      const [first, second] = [await write(), await write()];
      assert.equal(first, second);
      const sbom = JSON.parse(first) as { bomFormat: string; components: { purl: string }[] };
      assert.equal(sbom.bomFormat, 'CycloneDX');
      assert.deepEqual(
        sbom.components.map(({ purl }) => purl),
        ['pkg:npm/%40scope/odd@0.1.0', 'pkg:npm/bad@2.0.0', 'pkg:npm/good@1.2.0', 'pkg:npm/tool@1.0.0'],
      );
    }));
});

describe('Licence expressions', () => {
  const free = (text: string) => {
    const expression = parseExpression(text);
    return expression && satisfies(expression, (id) => id === 'MIT' || id === 'ISC');
  };
  it('follow AND, OR and parentheses', () => {
    assert.equal(free('MIT OR GPL-3.0-only'), true);
    assert.equal(free('MIT AND GPL-3.0-only'), false);
    assert.equal(free('(GPL-2.0-only OR ISC) AND MIT'), true);
    assert.equal(free('GPL-2.0-only OR ISC AND MIT'), true);
    assert.equal(free('GPL-2.0-only WITH Classpath-exception-2.0'), false);
  });
  it('are nothing when they are malformed', () => {
    for (const text of ['', 'MIT OR', '(MIT', 'SEE LICENSE IN x', 'MIT)']) assert.equal(free(text), undefined, text);
  });
});

describe('Versions', () => {
  it('are ordered as semantic versioning says', () => {
    const order = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.2.0',
      '1.10.0',
      '2.0.0',
    ];
    assert.deepEqual(order.toReversed().toSorted(compareVersions), order);
    assert.equal(compareVersions('v1.0.0+build', '1.0.0'), 0);
  });
});

function advisory(name: string, introduced: string, fixed: string) {
  return {
    id: `GHSA-${name}`,
    summary: 'Bad things',
    affected: [
      { package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events: [{ introduced }, { fixed }] }] },
    ],
  };
}

function lineOfTool(): number {
  return npmProject['package-lock.json'].split('\n').findIndex((line) => line.includes('node_modules/tool')) + 1;
}

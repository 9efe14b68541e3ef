import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from '../../agents/kit/list-files.ts';
import { scanMany } from '../../agents/security-scanner/scan-many.ts';
import type { Output } from '../../agents/security-scanner/schemas.ts';
import { agentPath, callAgent, outputOf, parseOutput, runAgent } from './support/run-agent.ts';
import { inWorkspace } from './support/workspace.ts';

const agent = agentPath('security-scanner');
const KEY = `${'AK'}IA${'QWERTYUIOP234567'}`;
const INJECTION = 'app.get("/", (req, res) => db.query("SELECT * FROM t WHERE a = " + req.query.a));\n';
const CROSS_SITE = 'app.get("/", (req, res) => res.send("<p>" + req.query.a));\n';

const scan = (root: string, more: object = {}) => outputOf<Output>(agent, { repositoryPath: root, ...more });
const places = ({ findings }: Output) => findings.map(({ type, file, line }) => `${type} ${file}:${String(line)}`);

describe('The security scanner', () => {
  it('reports what it finds, worst first, and counts it', () =>
    inWorkspace(
      {
        'src/b.js': `\n${CROSS_SITE}`,
        'src/a.js': INJECTION,
        'key.ts': `export const key = '${KEY}';\n`,
        'ok.js': 'x();\n',
      },
      async (root) => {
        const output = parseOutput<Output>(await runAgent(agent, { repositoryPath: root }));
        assert.deepEqual(places(output), ['secrets key.ts:1', 'sql-injection src/a.js:1', 'xss src/b.js:2']);
        assert.deepEqual(output.summary, { total: 3, critical: 2, high: 1, medium: 0, low: 0 });
        assert.equal(output.scannedFiles, 4);
        assert.deepEqual(Object.keys(output.findings[0] ?? {}).toSorted(), [
          'code',
          'confidence',
          'description',
          'file',
          'fingerprint',
          'line',
          'rule',
          'severity',
          'type',
        ]);
      },
    ));

  it('gives the same output twice, but for the time', () =>
    inWorkspace(
      { 'a.js': INJECTION + CROSS_SITE, 'b.py': 'import os\ndef f(x):\n    os.system("a " + x)\n' },
      async (root) => {
        const [first, second] = [await scan(root), await scan(root)];
        assert.deepEqual({ ...first, scanDurationMs: 0 }, { ...second, scanDurationMs: 0 });
      },
    ));

  it('looks for one type and from one severity on when told', () =>
    inWorkspace({ 'a.js': INJECTION + CROSS_SITE }, async (root) => {
      assert.deepEqual(places(await scan(root, { scanType: 'xss' })), ['xss a.js:2']);
      assert.deepEqual(places(await scan(root, { severity: 'critical' })), ['sql-injection a.js:1']);
    }));

  it('never shows a secret, also on the line of another finding', () =>
    inWorkspace(
      {
        'a.js': `db.query("SELECT '${KEY}' FROM t WHERE a = " + req.query.a);\n`,
        '.env': `DB_PASSWORD=hunter2hunter2\n`,
      },
      async (root) => {
        for (const scanType of ['all', 'sql-injection', 'secrets']) {
          const { stdout, stderr } = await callAgent(agent, { repositoryPath: root, scanType });
          assert.ok(!(stdout + stderr).includes(KEY), scanType);
          assert.ok(!(stdout + stderr).includes('hunter2hunter2'), scanType);
        }
      },
    ));

  it('honours .gitignore files, nested ones and exceptions included', () =>
    inWorkspace(
      {
        '.gitignore': 'out/\n*.gen.js\n',
        'out/a.js': INJECTION,
        'b.gen.js': INJECTION,
        'lib/.gitignore': '!b.gen.js\n',
        'lib/b.gen.js': INJECTION,
        'node_modules/x/a.js': INJECTION,
      },
      async (root) => {
        assert.deepEqual(places(await scan(root)), ['sql-injection lib/b.gen.js:1']);
      },
    ));

  it('skips binary and huge files and does not follow links out', () =>
    inWorkspace({ 'secret.ts': `export const key = '${KEY}';\n` }, (outside) =>
      inWorkspace({ 'a.bin': Buffer.from(`\0${KEY}`), 'huge.txt': `${'x '.repeat(600_000)}${KEY}` }, async (root) => {
        await symlink(join(outside, 'secret.ts'), join(root, 'link.ts'));
        await symlink(outside, join(root, 'folder'));
        await symlink(root, join(root, 'loop'));
        const output = await scan(root);
        assert.deepEqual([output.summary.total, output.scannedFiles], [0, 0]);
      }),
    ));

  it('leaves out what a comment says to ignore and what the baseline knows', () =>
    inWorkspace(
      { 'a.js': `// security-scanner: ignore (trusted input)\n${INJECTION}`, 'b.js': INJECTION },
      async (root) => {
        const before = await scan(root);
        assert.deepEqual(places(before), ['sql-injection b.js:1']);
        await writeFile(join(root, 'baseline.json'), JSON.stringify(before));
        await writeFile(join(root, 'b.js'), `\n\n${INJECTION}${CROSS_SITE}`);
        assert.deepEqual(places(await scan(root, { baselinePath: 'baseline.json' })), ['xss b.js:4']);
      },
    ));

  it('writes SARIF 2.1 into the repository and nowhere else', () =>
    inWorkspace({ 'a.js': INJECTION }, async (root) => {
      const output = await scan(root, { sarif: true, sarifPath: 'reports/scan.sarif' });
      const sarif = JSON.parse(await readFile(join(root, 'reports/scan.sarif'), 'utf8')) as SarifLog;
      assert.equal(sarif.version, '2.1.0');
      assert.deepEqual(output.sarif, sarif);
      const [run] = sarif.runs;
      assert.equal(run?.results[0]?.ruleId, run?.tool.driver.rules[run.results[0]?.ruleIndex ?? -1]?.id);
      assert.equal(run?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri, 'a.js');
      const { exitCode } = await callAgent(agent, { repositoryPath: root, sarifPath: '../out.sarif' });
      assert.equal(exitCode, 1);
    }));

  it('reads again only what has changed when it has a cache', () =>
    inWorkspace({ 'a.js': INJECTION, 'b.js': CROSS_SITE }, (root) =>
      inWorkspace({}, async (cacheDir) => {
        const first = await scan(root, { cacheDir });
        await writeFile(join(root, 'b.js'), 'x();\n');
        const { log, stdout } = await callAgent(agent, { repositoryPath: root, cacheDir });
        assert.equal(log[0]?.['unchanged'], 1);
        assert.deepEqual(places(JSON.parse(stdout) as Output), [places(first)[0]]);
      }),
    ));

  it('finds the same on several threads as on one', async function () {
    const files = Object.fromEntries(
      Array.from({ length: 1300 }, (_, at) => [
        `d${String(at % 20)}/f${String(at)}.js`,
        at % 100 === 0 ? INJECTION : 'x();\n',
      ]),
    );
    await inWorkspace(files, async (root) => {
      let seen = 0;
      const list = await listFiles(root);
      const results = await scanMany(list, 'all', () => seen++);
      assert.equal(seen, 1300);
      const found = list.filter((_, at) => (results[at]?.findings.length ?? 0) > 0).map(({ path }) => path);
      assert.deepEqual(
        found,
        list.filter(({ path }) => Number(/f(\d+)\.js$/.exec(path)?.[1]) % 100 === 0).map(({ path }) => path),
      );
    });
  });
});

interface SarifLog {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
    }[];
  }[];
}

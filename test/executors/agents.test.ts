import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { JsonObject } from '../../contracts/json.ts';
import { schemaProblem, validateInput } from '../../flows/json-schema.ts';
import { describeAgents } from '../../workers/agents/describe.ts';
import type { AgentDescription } from '../../workers/agents/description.ts';
import { pruneCompiledAgents } from '../../workers/agents/prune.ts';
import { createAgentsFolder, type AgentsFolder } from './agent-folders.ts';

describe('Agent folders', () => {
  let folders: AgentsFolder;
  let dataDir: string;

  beforeEach(() => {
    folders = createAgentsFolder();
    dataDir = mkdtempSync(join(tmpdir(), 'agents-data-'));
  });
  afterEach(() => {
    folders.remove();
    rmSync(dataDir, { recursive: true });
  });

  const describeAll = () => describeAgents(folders.directory, dataDir);

  async function describeOne(name: string, files: Record<string, string>): Promise<AgentDescription> {
    folders.add(name, files);
    const { registered, rejected } = await describeAll();
    const [agent] = registered;
    assert.ok(agent, JSON.stringify(rejected));
    return agent;
  }

  it('become agents under their own names, with what package.json says', async () => {
    const directory = folders.add('lint', {
      'package.json': JSON.stringify({
        name: '@somebody/lint-agent',
        version: '2.3.4',
        description: 'Lints.',
        type: 'module',
        commandcenter: {
          riskLevel: 'APPROVAL_REQUIRED',
          network: false,
          workspace: 'write',
          secrets: ['TOKEN'],
          timeoutSeconds: 9,
        },
      }),
    });
    folders.add('no-agent', { 'schemas.ts': '' });
    unlinkSync(join(folders.directory, 'no-agent', 'schemas.ts'));
    const { registered, rejected } = await describeAll();
    assert.deepEqual(rejected, []);
    const [agent, ...others] = registered;
    assert.deepEqual(others, []);
    assert.ok(agent);
    const { name, version, description, riskLevel, manifest } = agent;
    assert.deepEqual(
      { name, version, description, riskLevel },
      { name: 'lint', version: '2.3.4', description: 'Lints.', riskLevel: 'APPROVAL_REQUIRED' },
    );
    assert.deepEqual(manifest, {
      riskLevel: 'APPROVAL_REQUIRED',
      network: false,
      workspace: 'write',
      workspaceFields: ['repositoryPath'],
      secrets: ['TOKEN'],
      timeoutSeconds: 9,
    });
    assert.equal(agent.directory, directory);
  });

  it('are not written to', async () => {
    const directory = folders.add('lint');
    await describeAll();
    assert.deepEqual(readdirSync(directory).sort(), ['index.ts', 'package.json', 'schemas.ts']);
  });

  it('tell the JSON Schema of zod 4', async () => {
    const schemas =
      "import { z } from 'zod';\nexport const InputSchema = z.object({ path: z.string().min(1), strict: z.boolean().default(false) });\nexport const OutputSchema = z.strictObject({ at: z.date().optional(), n: z.int() });\n";
    const { inputSchema, outputSchema } = await describeOne('four', { 'schemas.ts': schemas });
    assert.deepEqual(inputSchema, {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { path: { type: 'string', minLength: 1 }, strict: { default: false, type: 'boolean' } },
      required: ['path'],
    });
    assert.deepEqual([outputSchema.required, outputSchema.additionalProperties], [['n'], false]);
  });

  it('tell the JSON Schema of zod 3', async () => {
    const schemas =
      "import { z } from 'zod/v3';\nexport const InputSchema = z.object({ path: z.string().min(1).describe('where'), strict: z.boolean().default(false) }).strict();\nexport const OutputSchema = z.object({ n: z.number().int() });\n";
    const { inputSchema } = await describeOne('three', { 'schemas.ts': schemas });
    assert.deepEqual(inputSchema, {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'where' },
        strict: { type: 'boolean', default: false },
      },
      required: ['path'],
      additionalProperties: false,
    } satisfies JsonObject);
  });

  it('compile to modules that run from anywhere, with packages, files and idioms as the author meant them', async () => {
    const { entry } = await describeOne('idioms', {
      'index.ts': [
        "import { readFileSync } from 'node:fs';",
        "import { pathToFileURL } from 'node:url';",
        "import { z } from 'zod';",
        "import { double } from './lib/double.ts';",
        'const rule: string = readFileSync(new URL("./rule.txt", import.meta.url), "utf8");',
        'const isMain = import.meta.url === pathToFileURL(process.argv[1] ?? "").href;',
        'const found = import.meta.resolve("zod").startsWith("file:");',
        'console.log(JSON.stringify({ rule, isMain, found, zod: z.int().parse(double(21)), argument: process.argv[2] }));',
      ].join('\n'),
      'lib/double.ts': 'export const double = (n: number): number => n * 2;\n',
      'rule.txt': 'be kind',
    });
    const printed = execFileSync(process.execPath, [entry, 'given'], { cwd: '/', encoding: 'utf8' });
    assert.deepEqual(JSON.parse(printed), { rule: 'be kind', isMain: true, found: true, zod: 42, argument: 'given' });
  });

  it('compile from CommonJS too', async () => {
    const { entry } = await describeOne('common', {
      'package.json': '{}',
      'index.ts': [
        "const { basename } = require('node:path');",
        "const { z } = require('zod');",
        'const fold = (name: string) => basename(name);',
        'if (require.main === module) console.log(JSON.stringify({ folder: fold(__dirname), zod: typeof z.string }));',
      ].join('\n'),
    });
    assert.deepEqual(JSON.parse(execFileSync(process.execPath, [entry], { cwd: '/', encoding: 'utf8' })), {
      folder: 'common',
      zod: 'function',
    });
  });

  it('may hold a program in another language', async () => {
    const { entry } = await describeOne('shell', {
      'package.json': '{"commandcenter":{"entry":"run.sh"}}',
      'run.sh': '#!/bin/sh\necho "{}"\n',
    });
    assert.equal(entry, join(folders.directory, 'shell', 'run.sh'));
  });

  const BROKEN: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['Bad_Name', {}, /folder's name.*must match.*rename/],
    ['bad-json', { 'package.json': '{' }, /package\.json is not valid JSON/],
    ['bad-field', { 'package.json': '{"commandcenter":{"netwrok":false}}' }, /package\.json: .*netwrok/],
    ['bad-risk', { 'package.json': '{"commandcenter":{"riskLevel":"HIGH"}}' }, /riskLevel/],
    ['bad-syntax', { 'index.ts': 'const = 1;' }, /cannot be compiled: index\.ts:1: /],
    ['bad-import', { 'index.ts': "import 'no-such-package';" }, /cannot be compiled: index\.ts:1: .*no-such-package/],
    [
      'no-output',
      { 'schemas.ts': "import { z } from 'zod';\nexport const InputSchema = z.object({});" },
      /exports no OutputSchema/,
    ],
    [
      'no-zod',
      { 'schemas.ts': 'export const InputSchema = {};\nexport const OutputSchema = {};' },
      /InputSchema is no zod schema/,
    ],
    ['throws', { 'schemas.ts': "throw new Error('not today');" }, /schemas\.ts: not today/],
    ['exits', { 'schemas.ts': 'process.exit(3);' }, /ended the process that read it \(exit code 3\)/],
    ['no-program', { 'package.json': '{"commandcenter":{"entry":"gone.ts"}}' }, /no program.*gone\.ts/],
    [
      'no-mode',
      { 'package.json': '{"commandcenter":{"entry":"run.sh"}}', 'run.sh': 'echo' },
      /not executable \(chmod \+x\)/,
    ],
  ];

  it('that are broken are reported with their reason and stop nobody else', async () => {
    for (const [name, files] of BROKEN) folders.add(name, files);
    folders.add('sound');
    const { registered, rejected } = await describeAll();
    assert.deepEqual(
      registered.map(({ name }) => name),
      ['sound'],
    );
    const reasons = new Map(rejected.map(({ name, reason }) => [name, reason]));
    for (const [name, , reason] of BROKEN) assert.match(reasons.get(name) ?? 'not rejected', reason);
  }).timeout(60_000);

  it('keep their schemas when a pattern in them is one that only JavaScript reads, and say so', async () => {
    const { inputSchema, unchecked } = await describeOne('lookahead', {
      'schemas.ts':
        "import { z } from 'zod';\n" +
        'const Safe = z.string().regex(/^(?!-)[a-z]+$/);\n' +
        'export const InputSchema = z.strictObject({ ref: Safe, all: z.record(Safe, z.int()), ok: z.string().regex(/^a+$/) });\n' +
        "export const OutputSchema = z.object({ pattern: z.literal('(') });\n",
    });
    const properties = inputSchema['properties'] as Record<string, JsonObject>;
    assert.deepEqual([properties['ref'], properties['ok']], [{ type: 'string' }, { type: 'string', pattern: '^a+$' }]);
    assert.equal(unchecked.length, 2);
    assert.match(unchecked[0] ?? '', /^InputSchema\.properties\.ref: \^\(\?!-\)\[a-z\]\+\$ \(.*invalid/);
    assert.equal(schemaProblem(inputSchema), null);
    assert.equal(validateInput(inputSchema, { ref: '-x', all: {}, ok: 'b', more: 1 }).length, 2);
  });

  it('are compiled into files that go when nobody has used them for a week', async () => {
    const directory = folders.add('lint');
    const [old] = (await describeAll()).registered;
    writeFileSync(join(directory, 'index.ts'), 'console.log("[2]");\n');
    const { registered } = await describeAll();
    assert.deepEqual(await pruneCompiledAgents(registered, dataDir), []);
    const folder = join(dataDir, 'agents');
    const eightDaysAgo = new Date(Date.now() - 8 * 24 * 60 * 60_000);
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), eightDaysAgo, eightDaysAgo);
    const removed = await pruneCompiledAgents(registered, dataDir);
    assert.ok(removed.includes(basename(old?.entry ?? '')), removed.join());
    assert.deepEqual(
      readdirSync(folder).sort(),
      [basename(registered[0]?.entry ?? ''), readdirSync(folder).find((name) => name.endsWith('.json'))].sort(),
    );
    assert.deepEqual(await describeAll(), { registered, rejected: [] });
    assert.deepEqual(await pruneCompiledAgents([], join(dataDir, 'nowhere')), []);
  });

  it('are only looked at again when something in them has changed', async () => {
    const directory = folders.add('lint');
    const first = await describeAll();
    const made = filesIn(dataDir);
    assert.notDeepEqual(made, []);
    assert.deepEqual(await describeAll(), first);
    assert.deepEqual(filesIn(dataDir), made, 'nothing is compiled or described a second time');

    writeFileSync(join(directory, 'index.ts'), 'console.log("[1]");\n');
    const { registered } = await describeAll();
    assert.notEqual(registered[0]?.digest, first.registered[0]?.digest);
    assert.equal(execFileSync(process.execPath, [registered[0]?.entry ?? ''], { encoding: 'utf8' }), '[1]\n');
  });
});

/** Every file below a folder with when it was written, and as which: a second one of the same name is another. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { ino, mtimeMs } = statSync(join(folder, name));
      return `${name} ${String(ino)} ${String(mtimeMs)}`;
    });
}

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cruiseHouse } from '../../scripts/import-rules.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the import rules', () => {
  let house: string;

  beforeEach(async () => {
    house = await mkdtemp(join(tmpdir(), 'house-'));
    await cp(join(ROOT, 'tsconfig.json'), join(house, 'tsconfig.json'));
    await cp(join(ROOT, 'package.json'), join(house, 'package.json'));
    await symlink(join(ROOT, 'node_modules'), join(house, 'node_modules'));
  });
  afterEach(() => rm(house, { recursive: true }));

  /** Writes modules that import what is listed, and gives the names of the rules that they break. */
  const broken = async (imports: Record<string, string[]>): Promise<string[]> => {
    for (const [path, specifiers] of Object.entries(imports)) {
      await mkdir(dirname(join(house, path)), { recursive: true });
      const lines = specifiers.map((specifier) => `export * from '${specifier}';\n`);
      await writeFile(join(house, path), `${lines.join('')}export const here = 1;\n`);
    }
    const { modules, violations } = await cruiseHouse(house);
    assert.deepEqual(
      Object.keys(imports).filter((path) => !modules.includes(path)),
      [],
      'every module is seen',
    );
    return [...new Set(violations.map((violation) => violation.split(':')[0] ?? ''))].sort();
  };

  it('see every room of this repository', async function () {
    this.timeout(180_000);
    const { modules } = await cruiseHouse(ROOT);
    assert.ok(modules.length > 50, `${modules.length} modules`);
    for (const room of ['agents', 'contracts', 'flows', 'platform', 'sql', 'workers']) {
      assert.ok(
        modules.some((path) => path.startsWith(`${room}/`)),
        room,
      );
    }
  });

  it('let the rooms use what is below them', async () => {
    const leaf = { 'contracts/c.ts': ['zod'], 'platform/p.ts': ['../contracts/c.ts'] };
    const rooms = {
      'sql/s.ts': ['../platform/p.ts'],
      'flows/submit.ts': ['../sql/s.ts'],
      'api/a.ts': ['../flows/submit.ts'],
    };
    const agents = { 'agents/kit/k.ts': ['zod'], 'agents/one/index.ts': ['../kit/k.ts'] };
    assert.deepEqual(await broken({ ...leaf, ...rooms, ...agents, 'main.ts': ['./api/a.ts', './sql/s.ts'] }), []);
  });

  const refused: [rule: string, from: string, specifier: string, to: string][] = [
    ['api-imports', 'api/a.ts', '../workers/w.ts', 'workers/w.ts'],
    ['workers-imports', 'workers/w.ts', '../api/a.ts', 'api/a.ts'],
    ['workers-imports', 'workers/w.ts', '../agents/one/index.ts', 'agents/one/index.ts'],
    ['flows-imports', 'flows/f.ts', '../sql/s.ts', 'sql/s.ts'],
    ['flows-submit-imports', 'flows/submit.ts', '../api/a.ts', 'api/a.ts'],
    ['sql-imports', 'sql/s.ts', '../flows/f.ts', 'flows/f.ts'],
    ['platform-imports', 'platform/p.ts', '../sql/s.ts', 'sql/s.ts'],
    ['contracts-imports', 'contracts/c.ts', '../platform/p.ts', 'platform/p.ts'],
    ['agents-imports', 'agents/one/index.ts', '../../contracts/c.ts', 'contracts/c.ts'],
    ['agent-to-agent', 'agents/one/index.ts', '../two/index.ts', 'agents/two/index.ts'],
    ['web-imports', 'web/w.tsx', '../api/a.ts', 'api/a.ts'],
    ['cli-imports', 'cli/c.ts', '../agents/one/index.ts', 'agents/one/index.ts'],
    ['api-imports', 'api/a.ts', '../main.ts', 'main.ts'],
  ];
  for (const [rule, from, specifier, to] of refused) {
    it(`refuse ${from} importing ${to}`, async () => {
      const rules = await broken({ [from]: [specifier], [to]: [] });
      assert.ok(rules.includes(rule), `broken: ${rules.join(', ')}`);
    });
  }

  it('refuse a cycle, also within a room', async () => {
    assert.deepEqual(await broken({ 'sql/a.ts': ['./b.ts'], 'sql/b.ts': ['./c.ts'], 'sql/c.ts': ['./a.ts'] }), [
      'no-cycles',
    ]);
  });

  it('refuse packages where they do not belong', async () => {
    const contracts = { 'contracts/a.ts': ['zod'], 'contracts/b.ts': ['yaml'], 'contracts/c.ts': ['node:fs'] };
    const flows = { 'flows/a.ts': ['yaml', 'node:util'], 'flows/b.ts': ['node:fs/promises'] };
    const sql = { 'sql/a.ts': ['slonik'], 'sql/b.ts': ['fast-check'], 'sql/c.ts': ['roarr'] };
    assert.deepEqual(await broken({ ...contracts, ...flows, ...sql }), [
      'contracts-packages',
      'flows-io',
      'no-development-packages',
      'no-unlisted-packages',
    ]);
  });

  it('refuse an import that leads nowhere', async () => {
    assert.deepEqual(await broken({ 'sql/s.ts': ['./gone.ts'] }), ['no-unresolved']);
  });
});

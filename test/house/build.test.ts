import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the build that a start makes', function () {
  this.timeout(300_000);
  let house: string;

  beforeEach(async () => {
    house = await mkdtemp(join(tmpdir(), 'house with spaces '));
    for (const file of ['tsconfig.json', 'package.json']) await cp(join(ROOT, file), join(house, file));
    await mkdir(join(house, 'node_modules'));
    await mkdir(join(house, 'sql/migrations'), { recursive: true });
    await writeFile(join(house, 'main.ts'), `import { answer } from './sql/answer.ts';\nconsole.log(answer);\n`);
    await writeFile(join(house, 'sql/answer.ts'), 'export const answer: number = 42;\n');
    await writeFile(join(house, 'sql/migrations/0001_first.sql'), 'SELECT 1;\n');
  });
  afterEach(() => rm(house, { recursive: true }));

  /** What building says on stderr. */
  const ensureBuild = async (): Promise<string> => {
    const { stderr } = await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/ensure-build.mjs'), house]);
    return stderr;
  };
  const runMain = async (): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(house, 'dist/main.js')]);
    return stdout.trim();
  };
  const exists = (path: string): Promise<boolean> => access(join(house, path)).then(() => true, () => false); // prettier-ignore

  it('is made exactly once when several processes start at the same time', async () => {
    const outputs = await Promise.all([ensureBuild(), ensureBuild(), ensureBuild()]);
    assert.equal(outputs.filter((output) => output.includes('built server')).length, 1, outputs.join(''));
    assert.equal(await runMain(), '42');
    assert.equal(await readFile(join(house, 'dist/sql/migrations/0001_first.sql'), 'utf8'), 'SELECT 1;\n');
    assert.equal(await ensureBuild(), '');
  });

  it('is made again after a source changed, without what has no source any more', async () => {
    await ensureBuild();
    await writeFile(join(house, 'sql/reply.ts'), 'export const answer: number = 43;\n');
    await writeFile(join(house, 'main.ts'), `import { answer } from './sql/reply.ts';\nconsole.log(answer);\n`);
    await rm(join(house, 'sql/answer.ts'));
    await rm(join(house, 'sql/migrations/0001_first.sql'));
    assert.match(await ensureBuild(), /built server/);
    assert.equal(await runMain(), '43');
    assert.equal(await exists('dist/sql/answer.js'), false);
    assert.equal(await exists('dist/sql/migrations/0001_first.sql'), false);
  });

  it('takes over from a builder that was killed', async () => {
    await mkdir(join(house, 'node_modules/.cache'));
    const goneForSure = 2 ** 22 + 1; // above the greatest process id of Linux and macOS
    await writeFile(join(house, 'node_modules/.cache/commandcenter-build.lock'), `${goneForSure} x`);
    const outputs = await Promise.all([ensureBuild(), ensureBuild()]);
    assert.equal(outputs.filter((output) => output.includes('built server')).length, 1, outputs.join(''));
    assert.equal(await runMain(), '42');
  });

  it('is taken as it is where there are no sources', async () => {
    await rm(join(house, 'tsconfig.json'));
    assert.equal(await ensureBuild(), '');
    assert.equal(await exists('dist'), false);
  });
});

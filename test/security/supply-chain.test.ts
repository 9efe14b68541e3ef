import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSbom, licenceTable, readPackages } from '../../scripts/sbom/packages.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
type Versions = Readonly<Record<string, string>>;

const manifest = JSON.parse(read('package.json')) as Readonly<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Versions> & { allowScripts: object }
>;
const lock = JSON.parse(read('package-lock.json')) as {
  packages: Readonly<Record<string, { hasInstallScript?: boolean; integrity?: string; resolved?: string }>>;
};
const text = read('SECURITY.md').replaceAll(/\s+/g, ' ');

describe('the supply chain', () => {
  it('has as many direct dependencies as SECURITY.md says', () => {
    const count = (versions: Versions): number => Object.keys(versions).length;
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const said = `Direct dependencies: ${count(dependencies)}, of development: ${count(devDependencies)}, optional: ${count(optionalDependencies)}.`;
    assert.ok(text.includes(said), said);
  });

  it('names every package that runs a script when it is installed', () => {
    const named = new Set([...text.matchAll(/`([@\w/.*-]+)`/g)].map(([, name]) => name));
    for (const [path, { hasInstallScript }] of Object.entries(lock.packages)) {
      const name = path.replace(/^.*node_modules\//, '');
      if (hasInstallScript) assert.ok(named.has(name) || named.has(`${name.split('/')[0] ?? ''}/*`), name);
    }
  });

  it('allows install scripts to those packages by name, and to no other', () => {
    const withScripts = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    assert.deepEqual(Object.keys(manifest.allowScripts).sort(), [...new Set(withScripts)].sort());
  });

  it('lists what a release consists of, with versions, licences and hashes', async () => {
    const packages = await readPackages(fileURLToPath(new URL('../..', import.meta.url)));
    const names = new Set(packages.map(({ name }) => name));
    for (const name of Object.keys(manifest.dependencies)) assert.ok(names.has(name), name);
    assert.ok(!names.has('mocha'), 'nothing that only development needs');
    const sbom = createSbom({ name: 'release', version: '1.2.3' }, packages);
    assert.equal(sbom.specVersion, '1.6');
    assert.equal(new Set(sbom.components.map((component) => component['bom-ref'])).size, packages.length);
    const koa = sbom.components.find(({ name }) => name === 'koa');
    assert.deepEqual(koa?.licenses, [{ expression: 'MIT' }]);
    assert.match(koa.purl, /^pkg:npm\/koa@\d/);
    assert.match(licenceTable(packages), /^\| MIT \| .*koa /m);
  });

  it('pins exact versions', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies }))
      assert.match(version, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, name);
  });
});

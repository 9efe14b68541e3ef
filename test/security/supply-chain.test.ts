import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
type Versions = Readonly<Record<string, string>>;

const manifest = JSON.parse(read('package.json')) as Readonly<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Versions>
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

  it('pins exact versions', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies }))
      assert.match(version, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, name);
  });
});

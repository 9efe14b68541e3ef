import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createSbom, licenceTable, readPackages } from './sbom/packages.ts';

/**
 * `npm run sbom`: what a release consists of, for its users: `release/sbom.cdx.json` (CycloneDX 1.6) and
 * `release/licences.md`. Read from the lock file and the installed packages: `npm sbom` refuses this tree, for peers that
 * packages name and never load.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}release`;
const { name, version } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as {
  name: string;
  version: string;
};
const packages = await readPackages(root);
await mkdir(folder, { recursive: true });
await writeFile(`${folder}/sbom.cdx.json`, `${JSON.stringify(createSbom({ name, version }, packages), null, 2)}\n`);
await writeFile(`${folder}/licences.md`, licenceTable(packages));
console.log(`${String(packages.length)} packages: release/sbom.cdx.json, release/licences.md`);

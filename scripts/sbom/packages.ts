import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package that an installation for production holds. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression as its author wrote it; `unknown` where there is none. */
  readonly licence: string;
  /** As the lock file has it: `sha512-<base64>`. */
  readonly integrity: string | undefined;
}

interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Every package of the lock file that is not for development alone, by name and version, each once. */
export async function readPackages(root: string): Promise<InstalledPackage[]> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const found = new Map<string, InstalledPackage>();
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (path === '' || locked.dev === true || locked.link === true || locked.version === undefined) continue;
    const name = locked.name ?? path.replace(/^.*node_modules\//, '');
    const licence = locked.license ?? (await installedLicence(join(root, path)));
    const { version, integrity } = locked;
    found.set(`${name}@${version}`, { name, version, licence, integrity });
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

/** Old packages have an object, or a list of them; packages of other platforms are not there. */
async function installedLicence(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { license, licenses } = JSON.parse(text) as { license?: unknown; licenses?: unknown };
  const named = [license, licenses]
    .flat()
    .map((each) => (typeof each === 'object' ? (each as { type?: unknown } | null)?.type : each));
  const texts = named.filter((each) => typeof each === 'string');
  return texts.length > 0 ? texts.join(' OR ') : 'unknown';
}

/** CycloneDX 1.6 as JSON; the same packages give the same document. */
export function createSbom(
  release: { readonly name: string; readonly version: string },
  packages: readonly InstalledPackage[],
) {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': 'release', ...release } },
    components: packages.map((each) => ({
      type: 'library',
      'bom-ref': purlOf(each),
      name: each.name,
      version: each.version,
      purl: purlOf(each),
      ...(each.licence !== 'unknown' && { licenses: [{ expression: each.licence }] }),
      ...(each.integrity !== undefined && { hashes: hashesOf(each.integrity) }),
    })),
  };
}

function purlOf({ name, version }: InstalledPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function hashesOf(integrity: string) {
  return integrity.split(' ').map((entry) => {
    const [algorithm = '', digest = ''] = entry.split(/-(.*)/s);
    return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') };
  });
}

/** Licences, most frequent first, each with its packages. */
export function licenceTable(packages: readonly InstalledPackage[]): string {
  const byLicence = new Map<string, string[]>();
  for (const { licence, name, version } of packages)
    byLicence.set(licence, [...(byLicence.get(licence) ?? []), `${name} ${version}`]);
  const rows = [...byLicence].sort(([, a], [, b]) => b.length - a.length);
  return [
    '# Licences of what a release contains',
    '',
    '| licence | packages |',
    '| --- | --- |',
    ...rows.map(([licence, names]) => `| ${licence} | ${names.join(', ')} |`),
    '',
  ].join('\n');
}

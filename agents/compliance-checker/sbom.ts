import { createHash } from 'node:crypto';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Unretryable, isInside } from '../kit/index.ts';
import { lockedPackages, readManifests, type LockedPackage } from './npm-lock.ts';
import type { Project } from './project.ts';

/** Writes a CycloneDX 1.5 bill of materials of the locked packages. The same lock file gives the same bytes. */
export async function writeSbom(project: Project, path: string): Promise<void> {
  const target = join(project.root, path);
  await mkdir(dirname(target), { recursive: true });
  if (!isInside(project.root, await realpath(dirname(target))))
    throw new Unretryable(`sbomPath ${path} leads outside the repository`);
  await writeFile(target, `${JSON.stringify(await toSbom(project), null, 2)}\n`);
}

async function toSbom(project: Project): Promise<unknown> {
  const components = (await lockedPackages(project)).map(toComponent);
  const unique = [...new Map(components.map((component) => [component.purl, component])).values()];
  const root = (await readManifests(project)).find(({ path }) => path === 'package.json')?.manifest;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(unique))}`,
    version: 1,
    metadata: { component: { type: 'application', name: root?.name ?? 'project', version: root?.version ?? '0.0.0' } },
    components: unique.toSorted((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
}

function toComponent({ name, version, licence, integrity, dev }: LockedPackage) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [algorithm = '', digest = ''] = integrity?.split(/-(.*)/s) ?? [];
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    scope: dev ? 'excluded' : 'required',
    ...(licence !== undefined && { licenses: [{ expression: licence }] }),
    ...(algorithm === 'sha512' && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
    }),
  };
}

/** A UUID (version 8) made of the content's hash. */
function uuidOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

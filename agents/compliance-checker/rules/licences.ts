import { judgeLicence, readPolicy, type LicencePolicy } from '../licence-policy.ts';
import { lockedPackages, readManifests, type LockedPackage } from '../npm-lock.ts';
import type { Project } from '../project.ts';
import type { Breach, Rule } from '../rule.ts';
import { PRACTICE, lineOf } from '../source-lines.ts';

export const licenceRules: readonly Rule[] = [
  {
    id: 'licence-denied',
    scope: 'licences',
    severity: 'critical',
    remediation: 'Replace the dependency, or write an exception with its reason into the licence policy',
    check: (project) => checkDependencies(project, 'denied'),
  },
  {
    id: 'licence-unknown',
    scope: 'licences',
    severity: 'warning',
    remediation: 'Find out the licence and write an exception into the licence policy, or replace the dependency',
    check: (project) => checkDependencies(project, 'unknown'),
  },
  {
    id: 'project-licence-missing',
    scope: 'licences',
    severity: 'warning',
    remediation: 'Add a LICENSE file; say UNLICENSED in package.json when nobody else may use it',
    check(project) {
      const has = project.files.some((path) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(path));
      return has || project.files.length === 0
        ? []
        : [{ file: 'LICENSE', line: 1, message: 'The repository has no licence file' }];
    },
  },
  {
    id: 'package-licence-missing',
    scope: 'licences',
    severity: 'info',
    remediation: 'Set "license" to an SPDX id',
    async check(project) {
      const manifests = (await readManifests(project)).filter(({ path }) => !PRACTICE.test(path));
      return manifests
        .filter(({ manifest }) => manifest.license === undefined && manifest.name !== undefined)
        .map(({ path }) => ({ file: path, line: 1, message: 'package.json names no licence' }));
    },
  },
];

async function checkDependencies(project: Project, verdict: 'denied' | 'unknown'): Promise<Breach[]> {
  const policy = await readPolicy(project);
  const packages = await lockedPackages(project);
  const bad = packages.filter((one) => !isExcepted(one, policy) && judgeLicence(one.licence, policy) === verdict);
  return Promise.all(bad.map((one) => toBreach(project, one)));
}

function isExcepted({ name }: LockedPackage, { exceptions }: LicencePolicy): boolean {
  return Object.hasOwn(exceptions, name);
}

async function toBreach(project: Project, one: LockedPackage): Promise<Breach> {
  const line = lineOf(await project.read(one.lockFile), `"${one.key}"`);
  const licence = one.licence === undefined ? 'has no licence in the lock file' : `is under ${one.licence}`;
  // a tool of the developers is not shipped
  const severity = one.dev ? { severity: 'info' as const } : {};
  return { file: one.lockFile, line, message: `${one.name}@${one.version} ${licence}`, ...severity };
}

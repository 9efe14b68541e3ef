import { posix } from 'node:path';
import { findAdvisories, readAdvisories } from '../advisories.ts';
import { lockedPackages, readLocks, readManifests, type Manifest } from '../npm-lock.ts';
import type { Project } from '../project.ts';
import type { Rule } from '../rule.ts';
import { PRACTICE, lineOf, matchLines } from '../source-lines.ts';

const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];
const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

export const dependencyRules: readonly Rule[] = [
  {
    id: 'lockfile-missing',
    scope: 'dependencies',
    severity: 'critical',
    remediation: 'Commit the lock file that the package manager writes',
    async check(project) {
      const manifests = (await readManifests(project)).filter(({ path }) => !PRACTICE.test(path));
      return manifests
        .filter(({ folder, manifest }) => all(manifest).length > 0 && !isLocked(project, folder))
        .map(({ path }) => ({
          file: path,
          line: 1,
          message: 'Dependencies without a lock file: every install may differ',
        }));
    },
  },
  {
    id: 'lockfile-out-of-sync',
    scope: 'dependencies',
    severity: 'critical',
    remediation: 'Run npm install and commit package-lock.json',
    async check(project) {
      const manifests = await readManifests(project);
      return (await readLocks(project)).flatMap(({ path, lock }) => {
        const manifest = manifests.find(({ folder }) => folder === posix.dirname(path))?.manifest;
        const differing = manifest === undefined ? [] : differences(manifest, lock.packages?.[''] ?? {});
        return differing.map((name) => ({
          file: path,
          line: 1,
          message: `${name} differs between package.json and the lock file`,
        }));
      });
    },
  },
  {
    id: 'lockfile-without-integrity',
    scope: 'dependencies',
    severity: 'warning',
    remediation: 'Install the package from a registry, so that its checksum is recorded',
    async check(project) {
      const packages = (await lockedPackages(project)).filter(
        ({ resolved, integrity }) => resolved !== undefined && integrity === undefined && !resolved.startsWith('file:'),
      );
      return Promise.all(
        packages.map(async ({ lockFile, key, name }) => ({
          file: lockFile,
          line: lineOf(await project.read(lockFile), `"${key}"`),
          message: `${name} is installed from the network without a checksum`,
        })),
      );
    },
  },
  {
    id: 'lockfile-over-http',
    scope: 'dependencies',
    severity: 'critical',
    remediation: 'Use the https address of the registry',
    check: (project) =>
      matchLines(
        project,
        /(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$/,
        /["\s]http:\/\/(?!localhost|127\.)/,
        'A package is fetched without encryption',
      ),
  },
  {
    id: 'dependency-unpinned',
    scope: 'dependencies',
    severity: 'warning',
    remediation: 'Name a version range, or better one version',
    async check(project) {
      const manifests = (await readManifests(project)).filter(({ path }) => !PRACTICE.test(path));
      return manifests.flatMap(({ path, manifest, text }) =>
        all(manifest)
          .filter(([, range]) => /^(\*|x|latest|next|)$|^>=?\s*[\d.]+$|^(git|git\+\w+|https?|github):/.test(range))
          .map(([name, range]) => ({
            file: path,
            line: lineOf(text, `"${name}"`),
            message: `${name} may be any version (${range || 'empty'})`,
          })),
      );
    },
  },
  {
    id: 'python-dependency-unpinned',
    scope: 'dependencies',
    severity: 'info',
    remediation: 'Pin with == and keep hashes (pip-compile --generate-hashes)',
    check: (project) =>
      matchLines(
        project,
        /(^|\/)requirements[\w.-]*\.txt$/,
        /^\s*[A-Za-z][\w.-]*(\[[\w,]+\])?\s*((>=|>|~=|<|!=)[^#]*)?(#.*)?$/,
        'A requirement without an exact version',
      ),
  },
  {
    id: 'known-vulnerability',
    scope: 'dependencies',
    severity: 'critical',
    remediation: 'Update to a fixed version',
    async check(project) {
      const advisories = await readAdvisories(project.input.advisoriesPath);
      if (advisories.length === 0) return [];
      const breaches = (await lockedPackages(project)).flatMap((one) =>
        findAdvisories(one, advisories).map((advisory) => ({ one, advisory })),
      );
      return Promise.all(
        breaches.map(async ({ one, advisory }) => ({
          file: one.lockFile,
          line: lineOf(await project.read(one.lockFile), `"${one.key}"`),
          message: `${one.name}@${one.version}: ${advisory.id} ${advisory.summary}${advisory.fixed === undefined ? '' : ` (fixed in ${advisory.fixed})`}`,
          severity: advisory.severity,
        })),
      );
    },
  },
];

function all(manifest: Manifest): [string, string][] {
  return KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
}

/** Locked in its own folder or, as a workspace, in one above. */
function isLocked(project: Project, folder: string): boolean {
  for (let at = folder; ; at = posix.dirname(at)) {
    if (LOCKS.some((name) => project.has(posix.join(at, name)))) return true;
    if (at === '.' || at === '/') return false;
  }
}

function differences(manifest: Manifest, locked: Manifest): string[] {
  return KINDS.flatMap((kind) => {
    const [wanted, known] = [manifest[kind] ?? {}, locked[kind] ?? {}];
    return [...new Set([...Object.keys(wanted), ...Object.keys(known)])].filter((name) => wanted[name] !== known[name]);
  });
}

import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LockedPackage } from './npm-lock.ts';
import type { Severity } from './schemas.ts';
import { compareVersions } from './semver.ts';

/** The part of an OSV record that is used. */
interface OsvRecord {
  id: string;
  summary?: string;
  withdrawn?: string;
  database_specific?: { severity?: string };
  affected?: {
    package?: { ecosystem?: string; name?: string };
    ranges?: { type?: string; events?: { introduced?: string; fixed?: string; last_affected?: string }[] }[];
    versions?: string[];
  }[];
}

export interface Advisory {
  readonly id: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly fixed: string | undefined;
}

/** Reads OSV records from a JSON file (one record or an array) or from every JSON file of a folder. */
export async function readAdvisories(path: string | undefined): Promise<OsvRecord[]> {
  if (path === undefined) return [];
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder
    ? (await readdir(path)).filter((name) => name.endsWith('.json')).map((name) => join(path, name))
    : [path];
  const records = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as OsvRecord | OsvRecord[]),
  );
  return records.flat().filter(({ withdrawn }) => withdrawn === undefined);
}

/** The advisories that the installed version of a package falls under. */
export function findAdvisories({ name, version }: LockedPackage, records: readonly OsvRecord[]): Advisory[] {
  return records.flatMap((record) => {
    const affected = record.affected?.find(
      (one) => one.package?.name === name && one.package.ecosystem === 'npm' && isAffected(version, one),
    );
    return affected === undefined ? [] : [toAdvisory(record, version)];
  });
}

type Affected = NonNullable<OsvRecord['affected']>[number];

function isAffected(version: string, { versions = [], ranges = [] }: Affected): boolean {
  return versions.includes(version) || ranges.some(({ events = [] }) => isInRange(version, events));
}

/** Events are walked in order: `introduced` opens, `fixed` and `last_affected` close. */
function isInRange(
  version: string,
  events: readonly { introduced?: string; fixed?: string; last_affected?: string }[],
): boolean {
  let inside = false;
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && (introduced === '0' || compareVersions(version, introduced) >= 0)) inside = true;
    if (fixed !== undefined && compareVersions(version, fixed) >= 0) inside = false;
    if (last !== undefined && compareVersions(version, last) > 0) inside = false;
  }
  return inside;
}

function toAdvisory(record: OsvRecord, version: string): Advisory {
  const fixes =
    record.affected?.flatMap(({ ranges = [] }) =>
      ranges.flatMap(({ events = [] }) => events.flatMap(({ fixed }) => fixed ?? [])),
    ) ?? [];
  const fixed = fixes.filter((one) => compareVersions(one, version) > 0).toSorted(compareVersions)[0];
  const isMinor = /^(low|moderate|medium)$/i.test(record.database_specific?.severity ?? '');
  return { id: record.id, summary: record.summary ?? '', severity: isMinor ? 'warning' : 'critical', fixed };
}

import { AppError } from '../../contracts/errors.ts';

interface Versioned {
  readonly name: string;
  readonly version: number;
}

/** A workflow's version is its ETag. */
export function entityTag({ version }: Versioned): string {
  return `"${String(version)}"`;
}

/** True when the If-None-Match header names this version. */
export function isUnchanged(ifNoneMatch: string, row: Versioned): boolean {
  return ifNoneMatch === '*' || tagsOf(ifNoneMatch).includes(entityTag(row));
}

/**
 * The version that a change must find, undefined where any will do.
 * @throws AppError PRECONDITION_FAILED when the If-Match header names other versions only
 */
export function versionOfIfMatch(ifMatch: string, row: Versioned): number | undefined {
  if (ifMatch === '' || ifMatch === '*') return undefined;
  if (tagsOf(ifMatch).includes(entityTag(row))) return row.version;
  throw new AppError(
    'PRECONDITION_FAILED',
    `Workflow ${row.name} is at version ${String(row.version)}, not at the one of If-Match: read it again and repeat your change.`,
  );
}

/** Proxies that compress make a tag weak; a version is the same either way. */
function tagsOf(header: string): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

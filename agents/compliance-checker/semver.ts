/** Compares two semantic versions: negative when `a` is older. What is no number counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  for (let at = 0; at < 3; at++) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(left.prerelease, right.prerelease);
}

function split(version: string): { numbers: number[]; prerelease: string[] } {
  const [release = '', ...rest] = version.replace(/^[v=]/, '').split('+', 1).join('').split('-');
  const prerelease = rest.join('-');
  return {
    numbers: release.split('.').map((part) => Number.parseInt(part, 10) || 0),
    prerelease: prerelease === '' ? [] : prerelease.split('.'),
  };
}

/** A version with a prerelease is older than the same without; numbers are older than words. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const difference = compareParts(left, right);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareParts(a: string, b: string): number {
  const [left, right] = [Number(a), Number(b)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  if (!Number.isNaN(left)) return -1;
  if (!Number.isNaN(right)) return 1;
  return a < b ? -1 : Number(a > b);
}

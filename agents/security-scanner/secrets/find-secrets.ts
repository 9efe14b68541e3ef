import { findAssignedSecrets } from './assigned-secrets.ts';
import { findInPlaces } from './credential-places.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Secret } from './secret.ts';
import { findTokens } from './token-formats.ts';

export type FindSecrets = (text: string, path: string) => Promise<Secret[]>;

/** Files whose long random strings are checksums, not secrets. */
const CHECKSUMS =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|go\.sum|Cargo\.lock|poetry\.lock|uv\.lock|composer\.lock|Gemfile\.lock)$/;
const PRACTICE =
  /(^|\/)(tests?|__tests__|specs?|fixtures?|testdata|examples?|samples?|mocks?|docs?)\/|\.(test|spec)\.\w+$|_test\.(go|py)$|(^|\/)test_\w+\.py$|\.md$|\.example$|\.sample$/i;

/** Makes the one function that asks all engines: secretlint's rules, further token formats, names with values. */
export async function createSecretFinder(): Promise<FindSecrets> {
  const { loadSecretlint } = await import('./secretlint.ts');
  const lint = await loadSecretlint();
  return async (text, path) => {
    if (CHECKSUMS.test(path)) return [];
    const known = [...(await lint(text, path)).filter((secret) => isReal(secret, path)), ...findTokens(text)];
    const placed = [...findInPlaces(text, path), ...findAssignedSecrets(text, path)];
    return withoutOverlaps([...known, ...(PRACTICE.test(path) ? placed.map(lowered) : placed)]);
  };
}

/** Leaves out the URLs of local databases and of documentation, whose passwords protect nothing. */
function isReal({ value }: Secret, path: string): boolean {
  const url = /^(?:[\w+]+:)?\/\/([^:/@\s]*):([^@\s]*)@(\[[^\]]*\]|[^/:?#\s"']+)/.exec(value.replace(/^jdbc:/, ''));
  if (url === null) return true;
  const [, user = '', password = '', host = ''] = url;
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal|[a-z][\w-]*)$/i.test(host);
  const documentation = /(^|\.)(example\.(com|org|net)|test|invalid|local)$/i.test(host);
  if (password === '' || /[${<]/.test(password)) return false;
  const harmless = PRACTICE.test(path) || password === user || isPlaceholder(password) || password.length < 12;
  return !((local || documentation) && harmless);
}

function lowered(secret: Secret): Secret {
  return { ...secret, severity: 'low', confidence: 'low' };
}

/** Where two engines saw the same text, the first one's word counts. */
function withoutOverlaps(secrets: readonly Secret[]): Secret[] {
  const kept: Secret[] = [];
  for (const secret of secrets) {
    if (!kept.some((other) => secret.start < other.end && other.start < secret.end)) kept.push(secret);
  }
  return kept;
}

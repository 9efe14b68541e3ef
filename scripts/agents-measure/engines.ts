import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { listFiles } from '../../agents/kit/list-files.ts';
import { loadEngines } from '../../agents/security-scanner/engines.ts';
import { readSource, scanSource } from '../../agents/security-scanner/scan-file.ts';
import { loadSecretlint } from '../../agents/security-scanner/secrets/secretlint.ts';
import type { Found } from './score.ts';

type Engine = (folder: string) => Promise<Found>;

/** What is measured, by the name to type: the scanner, and single engines to compare it with. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  'security-scanner': securityScanner,
  // Python, from Debian
  bandit,
  // a newer one, as its results were published with the corpus
  'bandit-published': publishedBandit,
  // one of the engines that the scanner asks about secrets
  secretlint,
  // regular expressions, as scanners work that only search for lines
  'line-patterns': linePatterns,
};

/** Which category of the corpora a finding belongs to, by its rule or, where it has no entry, by its type. */
const BY_RULE: readonly (readonly [RegExp, string])[] = [
  [/weak-hash/, 'weak hash'],
  [/weak-cipher|short-rsa/, 'weak encryption'],
  [/predictable-random/, 'weak randomness'],
  [/code-from-string|expression-from-request/, 'code injection'],
  [/sql/, 'SQL injection'],
  [/shell|process|command/, 'command injection'],
  [/path|archive/, 'path traversal'],
  [/reflected|markup|template|autoescape/, 'cross-site scripting'],
  [/deserialiser|object-stream|yaml|typing|model-with-code/, 'unsafe deserialisation'],
];

async function securityScanner(folder: string): Promise<Found> {
  const engines = await loadEngines('all');
  const lines = new Lines();
  for (const file of await listFiles(folder)) {
    const source = readSource(file);
    const findings = source === undefined ? [] : await scanSource(source, file.path, 'all', engines);
    for (const { rule, type, line } of findings) {
      const category = BY_RULE.find(([pattern]) => pattern.test(rule))?.[1];
      lines.add(file.path, type === 'secrets' ? 'secrets' : (category ?? type), line);
    }
  }
  return lines.found;
}

async function secretlint(folder: string): Promise<Found> {
  const lint = await loadSecretlint();
  const lines = new Lines();
  for (const file of await listFiles(folder)) {
    const source = readSource(file);
    const secrets = source === undefined ? [] : await lint(source, file.path);
    for (const { start } of secrets) lines.add(file.path, 'secrets', (source ?? '').slice(0, start).split('\n').length);
  }
  return lines.found;
}

/** By bandit's own numbers of its checks. */
const BANDIT: readonly (readonly [RegExp, string])[] = [
  [/^B(303|324)$/, 'weak hash'],
  [/^B(304|305|505)$/, 'weak encryption'],
  [/^B311$/, 'weak randomness'],
  [/^B(102|307)$/, 'code injection'],
  [/^B608$/, 'SQL injection'],
  [/^B60[24567]$/, 'command injection'],
  [/^B(202)$/, 'path traversal'],
  [/^B(308|70[123])$/, 'cross-site scripting'],
  [/^B(301|302|506)$/, 'unsafe deserialisation'],
  [/^B10[567]$/, 'secrets'],
];

async function bandit(folder: string): Promise<Found> {
  const run = promisify(execFile);
  // it ends with 1 when it finds something
  const { stdout } = await run('bandit', ['-q', '-r', '-f', 'json', folder], { maxBuffer: 256e6 }).catch(
    (error: unknown) => {
      if ((error as { code?: unknown }).code === 1) return error as { stdout: string };
      throw error;
    },
  );
  const { results } = JSON.parse(stdout) as { results: { filename: string; test_id: string; line_number: number }[] };
  const lines = new Lines();
  for (const { filename, test_id: id, line_number: line } of results) {
    const category = BANDIT.find(([pattern]) => pattern.test(id))?.[1];
    if (category !== undefined) lines.add(relative(folder, filename), category, line);
  }
  return lines.found;
}

async function publishedBandit(folder: string): Promise<Found> {
  const text = await readFile(join(folder, 'results/BenchmarkPython-Bandit.sarif'), 'utf8');
  const { runs } = JSON.parse(text) as { runs: { results: SarifResult[] }[] };
  const lines = new Lines();
  for (const { ruleId, locations } of runs.flatMap(({ results }) => results)) {
    const category = BANDIT.find(([pattern]) => pattern.test(ruleId))?.[1];
    const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
    if (category !== undefined && artifactLocation !== undefined)
      lines.add(artifactLocation.uri.replace(/^.*(?=testcode\/)/, ''), category, region?.startLine ?? 1);
  }
  return lines.found;
}

interface SarifResult {
  readonly ruleId: string;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region?: { readonly startLine: number };
    };
  }[];
}

/** What one would search for. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(md5|sha-?1)\b|getInstance\(\s*"(MD5|SHA-?1)"/i, 'weak hash'],
  [/"(DES|DESede|RC[24])\b|\/ECB\/|\b(DES|ARC4)\.new|MODE_ECB/, 'weak encryption'],
  [/\bnew (java\.util\.)?Random\(|Math\.random\(|\brandom\.\w+\(/, 'weak randomness'],
  [/\b(eval|exec)\(/, 'code injection'],
  [/\b(select|insert|update|delete|call)\b.*["']\s*(\+|%)|f["'](select|insert|update|delete)\b/i, 'SQL injection'],
  [/\.exec\(|ProcessBuilder|\bos\.(system|popen)\(|\bsubprocess\./, 'command injection'],
  [/new (java\.io\.)?File\w*\(|Paths\.get\(|\bopen\(/, 'path traversal'],
  [/getWriter\(\)\.(print|write|format)|\bout\.print|render_template_string|make_response/, 'cross-site scripting'],
  [/readObject\(|\b(pickle|yaml)\.(loads?|unsafe_load)\(/, 'unsafe deserialisation'],
  [/(password|passwd|pwd|secret|token|api_?key)["']?\s*[:=]\s*["']?[^\s"']{6,}/i, 'secrets'],
];

async function linePatterns(folder: string): Promise<Found> {
  const lines = new Lines();
  for (const { path, absolutePath } of await listFiles(folder)) {
    for (const [index, text] of readFileSync(absolutePath, 'utf8').split('\n').entries()) {
      for (const [pattern, category] of PATTERNS) if (pattern.test(text)) lines.add(path, category, index + 1);
    }
  }
  return lines.found;
}

/** The distinct lines of each file and category. */
class Lines {
  readonly #lines = new Map<string, Set<number>>();

  add(file: string, category: string, line: number): void {
    const key = `${file}\0${category}`;
    this.#lines.set(key, (this.#lines.get(key) ?? new Set()).add(line));
  }

  readonly found: Found = (file, category) => this.#lines.get(`${file}\0${category}`)?.size ?? 0;
}

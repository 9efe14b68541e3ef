import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Case } from './score.ts';

type ReadCorpus = (folder: string) => Case[] | Promise<Case[]>;

/** What the corpora call the flaws that the scanner looks for. The others (LDAP, XPath, cookies, …) it does not promise. */
const OWASP_CATEGORIES = new Map([
  ['crypto', 'weak encryption'],
  ['hash', 'weak hash'],
  ['sqli', 'SQL injection'],
  ['cmdi', 'command injection'],
  ['codeinj', 'code injection'],
  ['xss', 'cross-site scripting'],
  ['pathtraver', 'path traversal'],
  ['weakrand', 'weak randomness'],
  ['deserialization', 'unsafe deserialisation'],
]);

/** The corpora that can be measured, by the name to type. */
export const CORPORA: Readonly<Record<string, ReadCorpus>> = {
  // github.com/OWASP-Benchmark/BenchmarkJava
  'owasp-java': (folder) =>
    owasp(folder, 'expectedresults-1.2.csv', (name) => `src/main/java/org/owasp/benchmark/testcode/${name}.java`),
  // github.com/OWASP-Benchmark/BenchmarkPython
  'owasp-python': (folder) => owasp(folder, 'expectedresults-0.1.csv', (name) => `testcode/${name}.py`),
  // github.com/Plazmaz/leaky-repo
  'leaky-repo': leakyRepo,
  // github.com/leaktk/fake-leaks
  'fake-leaks': fakeLeaks,
};

/** One flaw or none in each file: `name, category, real vulnerability, cwe`. */
function owasp(folder: string, answers: string, fileOf: (name: string) => string): Case[] {
  return csv(join(folder, answers)).flatMap(([name = '', code = '', real]) => {
    const category = OWASP_CATEGORIES.get(code);
    return category === undefined
      ? []
      : [{ file: fileOf(name), category, flaws: real === 'true' ? 1 : 0, harmless: 0, wholeFile: true }];
  });
}

/** `name, lines at risk, lines that merely inform`. */
function leakyRepo(folder: string): Case[] {
  return csv(join(folder, '.leaky-meta/secrets.csv'))
    .filter(([file = '']) => existsSync(join(folder, file)))
    .map(([file = '', risks, informative]) => ({
      ...{ file, category: 'secrets', flaws: Number(risks), harmless: Number(informative), wholeFile: false },
    }));
}

/** Every file in a folder `valid` holds a secret, none in a folder `invalid` does. Controlled information is no secret. */
function fakeLeaks(folder: string): Case[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.startsWith('cui/'))
    .flatMap((file) => {
      if (file.includes('/invalid/')) return [{ file, category: 'secrets', flaws: 0, harmless: 0, wholeFile: true }];
      return file.includes('/valid/') ? [{ file, category: 'secrets', flaws: 1, harmless: 0, wholeFile: true }] : [];
    });
}

function csv(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes(',') && !line.startsWith('#'))
    .map((line) => line.split(',').map((cell) => cell.trim()));
}

import type { Rule } from '../rule.ts';
import { PRACTICE, matchLines } from '../source-lines.ts';

const ENV_FILE = /(^|\/)\.env(\.[\w-]+)*$/;
const ENV_TEMPLATE = /\.(example|sample|template|dist|defaults?|schema)$/;
const KEY_FILE = /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|p12|pfx|jks|keystore))$/;

export const secretRules: readonly Rule[] = [
  {
    id: 'env-file-committed',
    scope: 'secrets',
    severity: 'critical',
    remediation: 'Remove it from the repository and its history, list it in .gitignore, revoke what it held',
    async check(project) {
      const paths = project.files.filter((path) => ENV_FILE.test(path) && !ENV_TEMPLATE.test(path));
      const filled = await Promise.all(
        paths.map(async (path) => (/^\s*(export\s+)?\w+\s*=\s*\S/m.test(await project.read(path)) ? [path] : [])),
      );
      return filled
        .flat()
        .map((file) => ({ file, line: 1, message: 'A file of environment values is part of the repository' }));
    },
  },
  {
    id: 'private-key-committed',
    scope: 'secrets',
    severity: 'critical',
    remediation: 'Remove the key from the repository and its history, and replace it',
    check: (project) =>
      matchLines(project, KEY_FILE, /-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/, 'A private key is part of the repository'),
  },
  {
    id: 'env-not-ignored',
    scope: 'secrets',
    severity: 'info',
    remediation: 'Add .env to .gitignore',
    async check(project) {
      const uses = project.files.some((path) => /(^|\/)\.env[\w.-]*$/.test(path) && !PRACTICE.test(path));
      if (!uses) return [];
      const ignored =
        project.has('.gitignore') && /^\/?(\*\*\/)?\.env(\*|\.\*)?\s*$/m.test(await project.read('.gitignore'));
      return ignored
        ? []
        : [{ file: '.gitignore', line: 1, message: '.env is not ignored: one careless commit publishes it' }];
    },
  },
];

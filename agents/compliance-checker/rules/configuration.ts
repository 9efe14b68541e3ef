import { readManifests } from '../npm-lock.ts';
import type { Rule } from '../rule.ts';
import { PRACTICE, lineOf, matchLines } from '../source-lines.ts';

const SOURCES = /^(?!.*(^|\/)(tests?|__tests__|specs?|fixtures?|examples?|node_modules)\/).*\.(m|c)?(j|t)sx?$/;
const PYTHON = /^(?!.*(^|\/)(tests?|fixtures?|examples?)\/).*\.py$/;
const SERVERS = ['express', 'koa', 'fastify', '@hapi/hapi', '@nestjs/core'];
const HEADERS = /helmet|secure-headers|lusca/;

export const configurationRules: readonly Rule[] = [
  {
    id: 'security-headers-missing',
    scope: 'configuration',
    severity: 'warning',
    remediation: 'Add helmet (koa-helmet, @fastify/helmet)',
    async check(project) {
      const manifests = (await readManifests(project)).filter(({ path }) => !PRACTICE.test(path));
      return manifests.flatMap(({ path, manifest, text }) => {
        const names = Object.keys(manifest.dependencies ?? {});
        const server = SERVERS.find((name) => names.includes(name));
        if (server === undefined || names.some((name) => HEADERS.test(name))) return [];
        return [
          {
            file: path,
            line: lineOf(text, `"${server}"`),
            message: `${server} serves without a library for security headers`,
          },
        ];
      });
    },
  },
  {
    id: 'cors-any-origin',
    scope: 'configuration',
    severity: 'warning',
    remediation: 'Name the origins that may call',
    check: (project) =>
      matchLines(
        project,
        SOURCES,
        /access-control-allow-origin['"]?\s*[,:]\s*['"]\*['"]|\borigin\s*:\s*['"]\*['"]/i,
        'Any web page may call this service',
      ),
  },
  {
    id: 'cookie-unprotected',
    scope: 'configuration',
    severity: 'warning',
    remediation: 'Set httpOnly and secure to true',
    check: (project) =>
      matchLines(
        project,
        SOURCES,
        /\b(httpOnly|secure)\s*:\s*false\b/,
        'A cookie that scripts or the network can read',
      ),
  },
  {
    id: 'python-debug-mode',
    scope: 'configuration',
    severity: 'critical',
    remediation: 'Switch debugging by an environment variable, off by default',
    check: (project) =>
      matchLines(project, PYTHON, /^\s*DEBUG\s*=\s*True\b|\.run\([^)]*debug\s*=\s*True/, 'Debug mode is on'),
  },
  {
    id: 'django-any-host',
    scope: 'configuration',
    severity: 'warning',
    remediation: 'Name the hosts that are served',
    check: (project) =>
      matchLines(project, PYTHON, /^\s*ALLOWED_HOSTS\s*=\s*\[\s*['"]\*['"]/, 'Any Host header is accepted'),
  },
  {
    id: 'npm-registry-over-http',
    scope: 'configuration',
    severity: 'critical',
    remediation: 'Use the https address',
    check: (project) =>
      matchLines(
        project,
        /(^|\/)\.(npmrc|yarnrc(\.yml)?)$/,
        /registry\s*[=:]\s*["']?http:\/\/(?!localhost|127\.)/,
        'The registry is asked without encryption',
      ),
  },
  {
    id: 'npm-strict-ssl-off',
    scope: 'configuration',
    severity: 'critical',
    remediation: 'Remove the line',
    check: (project) =>
      matchLines(
        project,
        /(^|\/)\.npmrc$/,
        /^\s*strict-ssl\s*=\s*false/,
        'Certificates of the registry are not checked',
      ),
  },
];

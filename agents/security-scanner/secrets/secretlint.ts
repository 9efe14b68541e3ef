import { extname } from 'node:path';
import type { Severity } from '../schemas.ts';
import type { Secret } from './secret.ts';
import { mayInterestSecretlint } from './secretlint-anchors.ts';

const CRITICAL = /-(aws|gcp|privatekey|github|gitlab|npm|database-connection-string|hashicorp-vault|1password|docker)$/;
const PREFIX = '@secretlint/secretlint-rule-';

type Lint = (text: string, path: string) => Promise<Secret[]>;

/** Loads secretlint with its recommended rules; slow enough (about 60 ms) to do once and only when asked for. */
export async function loadSecretlint(): Promise<Lint> {
  const [{ lintSource }, { creator }, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // it keeps every mark for ever and searches them all at each new one: 258 files took 4.1 s with it, 1.5 s without
  secretLintProfiler.mark = () => undefined;
  const config: Parameters<typeof lintSource>[0]['options']['config'] = {
    rules: [{ id: 'recommend', rule: creator, options: {} }],
  };
  return async (text, path) => {
    if (!mayInterestSecretlint(text)) return [];
    const source = { content: text, filePath: path, ext: extname(path), contentType: 'text' as const };
    const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } });
    return messages.map((message) => toSecret(message, text));
  };
}

function toSecret(
  message: { ruleId: string; messageId: string; range: readonly [number, number] },
  text: string,
): Secret {
  const [start, end] = message.range;
  const severity: Severity = CRITICAL.test(message.ruleId) ? 'critical' : 'high';
  return {
    rule: `${message.ruleId.replace(PREFIX, 'secretlint-')}:${message.messageId}`,
    description: `${readable(message.messageId)} in the source: revoke it and read it from the environment`,
    severity,
    confidence: 'high',
    start,
    end,
    value: text.slice(start, end),
  };
}

/** `AWSSecretAccessKey` → `AWS Secret Access Key`; the library's own messages hold the secret itself. */
function readable(messageId: string): string {
  return messageId
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
}

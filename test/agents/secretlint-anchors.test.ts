import assert from 'node:assert/strict';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { loadSecretlint } from '../../agents/security-scanner/secrets/secretlint.ts';
import { ANCHORS, mayInterestSecretlint } from '../../agents/security-scanner/secrets/secretlint-anchors.ts';

const letters = (length: number) => 'qWeRtYuIoPaSdFgHjKlZxCvBnM'.repeat(20).slice(0, length);
const mixed = (length: number) => 'q7WeR2tYu9IoP4aSdF6gHjK8lZx'.repeat(20).slice(0, length);
const hex = (length: number) => '3f9a1c7be2'.repeat(20).slice(0, length);
const pem = `-----BEGIN ${'RSA'} PRIVATE KEY-----\n${`MIIE${mixed(60)}\n`.repeat(12)}-----END RSA PRIVATE KEY-----`;

/** A secret for each rule, put together here so that the repository holds nothing that looks like one. */
const SECRETS: readonly (readonly [rule: string, text: string, file?: string])[] = [
  ['anthropic', `${'sk-ant'}-api03-${mixed(93)}AA`],
  ['aws', `aws_secret_access_key = "${mixed(40)}"`],
  ['basicauth', `http${'://'}someone:${mixed(12)}@acme-corp.io`],
  ['database-connection-string', `postgres${'://'}app:${mixed(14)}@db.acme-corp.io:5432/app`],
  ['database-connection-string', `MongoDB+srv${'://'}app:${mixed(14)}@db.acme-corp.io/app`],
  ['databricks', `${'da'}pi${hex(32)}`],
  ['docker', `${'dckr'}_pat_${mixed(27)}`],
  ['figma', `${'fi'}gd_${mixed(40)}`],
  ['github', `${'gh'}p_${mixed(36)}`],
  ['github', `${'github'}_pat_${mixed(82)}`],
  ['gitlab', `${'gl'}pat-${mixed(20)}`],
  ['grafana', `${'gl'}sa_${mixed(32)}_${hex(8)}`],
  ['groq', `${'gs'}k_${mixed(52)}`],
  ['hashicorp-vault', `${'hv'}s.${mixed(95)}`],
  ['huggingface', `${'hf'}_${letters(34)}`],
  ['linear', `${'lin'}_api_${mixed(40)}`],
  ['notion', `${'nt'}n_12345678901${mixed(35)}`],
  ['npm', `${'np'}m_${mixed(36)}`],
  ['npm', `//host/:_authToken=${mixed(36)}`, '.npmrc'],
  ['openai', `${'sk'}-${mixed(20)}T3BlbkFJ${mixed(20)}`],
  ['sendgrid', `${'SG'}.${mixed(22)}.${mixed(43)}`],
  ['shopify', `${'shp'}at_${hex(32)}`],
  ['slack', `${'xo'}xb-123456789012-123456789012-${mixed(24)}`],
  ['slack', `https://hooks.slack.com${'/services'}/T${mixed(8)}/B${mixed(8)}/${mixed(24)}`],
  ['vercel', `${'vc'}p_${mixed(24)}`],
];

describe('The anchors of secretlint', () => {
  it('are of every rule that the preset has, and of no other', () => {
    const names = rules.map(({ meta }) => meta.id.replace('@secretlint/secretlint-rule-', ''));
    assert.deepEqual(Object.keys(ANCHORS).sort(), names.filter((name) => name !== 'filter-comments').sort());
  });

  it('let through every secret that a rule finds', async () => {
    const lint = await loadSecretlint();
    for (const [rule, text, file = 'a.js'] of SECRETS) {
      const found = await lint(file === 'a.js' ? `const x = "${text}";\n` : text, file);
      assert.ok(
        found.some((secret) => secret.rule.startsWith(`secretlint-${rule}:`)),
        `${rule}: ${text.slice(0, 20)}`,
      );
      assert.ok(new RegExp(ANCHORS[rule] ?? '').test(text), rule);
    }
    for (const text of [pem, JSON.stringify({ private_key_id: '1', private_key: pem })])
      assert.ok(mayInterestSecretlint(text));
  });

  it('let nothing through that is plain code', () => {
    assert.ok(!mayInterestSecretlint("import { get } from 'https://host/x.js';\nconst account = await find(id);\n"));
  });
});

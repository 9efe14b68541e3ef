import type { SgNode } from '@ast-grep/napi';
import {
  CERTAIN,
  LIKELY,
  anyReaches,
  buildsSql,
  constantText,
  indexCalls,
  isForSecurity,
  printsTainted,
  reaches,
  runsShell,
  suspectPath,
  type CallRule,
  type NodeRule,
  type RuleSet,
  type Verdict,
} from '../rule.ts';

const WEAK_HASH = /^(md[245]|sha-?1|ripemd|rmd160)$/i;
const WEAK_CIPHER = /^(des|rc[24]|bf|blowfish|cast|idea|seed)|-ecb$|^id-aes\d+-ecb/i;

const calls: CallRule[] = [
  {
    rule: 'js-sql-string-building',
    type: 'sql-injection',
    severity: 'critical',
    description: 'SQL is put together from values: pass them as parameters',
    callee:
      /(^|[.\]])(query|execute|exec|raw|run|all|get|each|prepare|unsafe|literal|one|many|any|none|oneOrNone|manyOrNone|\$queryRawUnsafe|\$executeRawUnsafe|queryRaw|selectRaw|sql)$/,
    judge: ({ args }, flow) => buildsSql(args.slice(0, 1), flow),
  },
  {
    rule: 'js-sql-raw-fragment',
    type: 'sql-injection',
    severity: 'critical',
    description: 'A raw SQL fragment is put together from values: bind them',
    callee:
      /\.(whereRaw|orWhereRaw|orderByRaw|havingRaw|fromRaw|joinRaw|groupByRaw|\$queryRawUnsafe|\$executeRawUnsafe)$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'sql-injection', 'built'),
  },
  {
    rule: 'js-shell-command',
    type: 'command-injection',
    severity: 'critical',
    description: 'A shell command contains a value: use execFile or spawn with an argument list',
    callee: /^(child_process|shelljs)\.(exec|execSync)$|^execa\.(execaCommand|command)\w*$|^shell\.exec$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'command-injection', 'unknown'),
  },
  {
    rule: 'js-spawn-with-shell',
    type: 'command-injection',
    severity: 'critical',
    description: 'A value reaches a shell through spawn: drop the shell',
    callee: /^child_process\.(spawn|spawnSync|execFile|execFileSync)$|^execa\.execa(Sync)?$|^execa$/,
    judge(call, flow) {
      const shell =
        runsShell(call, flow) ||
        call.args.slice(1).some((argument) => /\bshell\s*:\s*(true|['"`])/.test(argument.text()));
      if (shell) return anyReaches(call.args.slice(0, 2), flow, 'command-injection', 'unknown');
      return reaches(call.args[0], flow, 'command-injection', 'tainted');
    },
  },
  {
    rule: 'js-code-from-string',
    type: 'command-injection',
    severity: 'critical',
    description: 'A string is run as code',
    callee:
      /^(eval|new:Function|Function|(global|window|globalThis)\.eval|vm\.(runIn\w+|compileFunction)|new:vm\.Script)$/,
    judge: ({ args }, flow) => anyReaches(args, flow, 'command-injection', 'unknown'),
  },
  {
    rule: 'js-timer-from-string',
    type: 'command-injection',
    severity: 'high',
    description: 'A timer runs a string as code',
    callee: /^(window\.)?set(Timeout|Interval)$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'command-injection', 'built'),
  },
  {
    rule: 'js-path-from-request',
    type: 'path-traversal',
    severity: 'high',
    description: 'A file path comes from the request: resolve it and check that it stays in its folder',
    callee:
      /^(fs|fs\/promises|fs-extra|fsp|fsPromises|promises)\.(promises\.)?(readFile|createReadStream|createWriteStream|writeFile|appendFile|unlink|rm|rmdir|readdir|open|stat|lstat|access|exists|copyFile|rename|mkdir|readJson|remove|realpath)(Sync)?$|^(res|response|reply|ctx)\.(sendFile|sendfile|download)$|^require$/,
    judge({ args }, flow) {
      if (args.slice(1).some((argument) => /\broot\s*:/.test(argument.text()))) return undefined;
      return reaches(args[0], flow, 'path-traversal', 'tainted') ?? suspectPath(args[0], flow);
    },
  },
  {
    rule: 'js-html-write',
    type: 'xss',
    severity: 'high',
    description: 'A value is written into the page as HTML: use textContent or escape it',
    callee:
      /(^|\.)(document\.write(ln)?|insertAdjacentHTML|createContextualFragment|bypassSecurityTrust(Html|Script|Url|ResourceUrl)|trustAsHtml)$/,
    judge: ({ args }, flow) => reaches(args.at(-1), flow, 'xss', 'unknown'),
  },
  {
    rule: 'js-jquery-html',
    type: 'xss',
    severity: 'high',
    description: 'jQuery inserts a value as HTML: use .text()',
    callee: /^(\$|jQuery)(\(.*\)|\w*)(\..*)?\.(html|append|prepend|after|before|replaceWith)$/,
    judge({ callee, args }, flow) {
      const html = callee.endsWith('.html') || args.some((argument) => flow.trace(argument).text.includes('<'));
      return html ? anyReaches(args, flow, 'xss', callee.endsWith('.html') ? 'unknown' : 'built') : undefined;
    },
  },
  {
    rule: 'js-reflected-response',
    type: 'xss',
    severity: 'high',
    description: 'The response repeats what the request sent as HTML: escape it',
    callee: /^(res|response|reply|ctx\.res)(\.(status|type|code|set)\(.*\))?\.(send|write|end)$/,
    judge: ({ args }, flow) => printsTainted(args.slice(0, 1), flow),
  },
  {
    rule: 'js-weak-hash',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'MD5 and SHA-1 are broken: use SHA-256, or scrypt or argon2 for passwords',
    callee: /(^|\.)(createHash|createHmac)$/,
    judge: ({ args }, flow) => (WEAK_HASH.test(constantText(args[0], flow) ?? '') ? CERTAIN : undefined),
  },
  {
    rule: 'js-weak-hash-library',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'MD5, SHA-1, DES and RC4 are broken',
    callee:
      /^(CryptoJS|crypto-js)\.(MD5|SHA1|HmacMD5|HmacSHA1|DES|TripleDES|RC4)(\.encrypt)?$|^(md5|sha1)(\.default)?$/,
    judge: ({ args }) => (args.length > 0 ? CERTAIN : undefined),
  },
  {
    rule: 'js-weak-cipher',
    type: 'weak-crypto',
    severity: 'high',
    description: 'This cipher or mode is broken: use aes-256-gcm',
    callee: /(^|\.)create(Cipher|Decipher)iv$/,
    judge: ({ args }, flow) => (WEAK_CIPHER.test(constantText(args[0], flow) ?? '') ? CERTAIN : undefined),
  },
  {
    rule: 'js-cipher-without-iv',
    type: 'weak-crypto',
    severity: 'high',
    description: 'createCipher derives the key with MD5 and uses no IV: use createCipheriv with aes-256-gcm',
    callee: /^crypto\.(createCipher|createDecipher|pseudoRandomBytes)$/,
    judge: () => CERTAIN,
  },
  {
    rule: 'js-predictable-random',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'Math.random can be predicted: use crypto.randomBytes or randomUUID',
    callee: /^Math\.random$/,
    judge: ({ node }) => (isForSecurity(node) ? LIKELY : undefined),
  },
  {
    rule: 'js-short-rsa-key',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'RSA keys under 2048 bits can be factored',
    callee: /(^|\.)generateKeyPair(Sync)?$/,
    judge: ({ args }) => {
      const bits = /modulusLength\s*:\s*(\d+)/.exec(args.map((argument) => argument.text()).join())?.[1];
      return bits !== undefined && Number(bits) < 2048 ? CERTAIN : undefined;
    },
  },
  {
    rule: 'js-weak-key-derivation',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'Keys are derived with a broken hash or too few rounds: use scrypt',
    callee: /(^|\.)pbkdf2(Sync)?$/,
    judge: ({ args }, flow) =>
      WEAK_HASH.test(constantText(args[4], flow) ?? '') || Number(args[2]?.text().replaceAll('_', '')) < 10_000
        ? CERTAIN
        : undefined,
  },
  {
    rule: 'js-unsafe-deserialiser',
    type: 'unsafe-deserialisation',
    severity: 'critical',
    description: 'Deserialising with this library can run code: use JSON',
    callee:
      /^(node-serialize|serialize-to-js|funcster|cryo)\.\w+$|^serialize\.unserialize$|(^|\.)(unserialize|deepDeserialize)$/,
    judge: ({ args, callee }, flow) =>
      /serialize$|Deserialize$|parse$/i.test(callee) && !/(^|\.)serialize$/.test(callee)
        ? reaches(args[0], flow, 'unsafe-deserialisation', 'unknown')
        : undefined,
  },
  {
    rule: 'js-v8-deserialise',
    type: 'unsafe-deserialisation',
    severity: 'high',
    description: 'Data from outside is deserialised: parse it as JSON and check it with a schema',
    callee: /^v8\.deserialize$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'unsafe-deserialisation', 'tainted'),
  },
  {
    rule: 'js-yaml-with-code',
    type: 'unsafe-deserialisation',
    severity: 'high',
    description: 'This YAML schema can make functions: use the safe one',
    callee: /^(js-yaml|yaml|jsyaml)\.(load|loadAll)$/,
    judge({ args }, flow) {
      const options = args
        .slice(1)
        .map((argument) => argument.text())
        .join();
      if (/FULL_SCHEMA|UNSAFE/.test(options)) return CERTAIN;
      return /SAFE|JSON_SCHEMA|CORE_SCHEMA/.test(options)
        ? undefined
        : reaches(args[0], flow, 'unsafe-deserialisation', 'tainted');
    },
  },
];

const nodes: NodeRule[] = [
  {
    rule: 'js-html-assignment',
    type: 'xss',
    severity: 'high',
    description: 'A value is assigned as HTML: use textContent or sanitise it',
    matcher: {
      rule: {
        any: [{ kind: 'assignment_expression' }, { kind: 'augmented_assignment_expression' }],
        has: { field: 'left', kind: 'member_expression', regex: '\\.(innerHTML|outerHTML|srcdoc)$' },
      },
    },
    judge: (node, flow) => reaches(node.field('right') ?? undefined, flow, 'xss', 'unknown'),
  },
  {
    rule: 'js-reflected-body',
    type: 'xss',
    severity: 'high',
    description: 'The response repeats what the request sent as HTML: escape it',
    matcher: { rule: { kind: 'assignment_expression', has: { field: 'left', regex: '^ctx\\.(response\\.)?body$' } } },
    judge(node, flow) {
      const value = node.field('right');
      return value !== null && flow.trace(value).text.includes('<')
        ? reaches(value, flow, 'xss', 'tainted')
        : undefined;
    },
  },
  {
    rule: 'js-react-inner-html',
    type: 'xss',
    severity: 'high',
    description: 'dangerouslySetInnerHTML gets a value that nothing sanitised',
    matcher: { rule: { kind: 'pair', has: { field: 'key', regex: '^__html$' } } },
    judge: (node, flow) => reaches(node.field('value') ?? undefined, flow, 'xss', 'unknown'),
  },
  {
    rule: 'js-tls-not-verified',
    type: 'weak-crypto',
    severity: 'high',
    description: 'TLS certificates are not checked',
    matcher: { rule: { kind: 'pair', has: { field: 'key', regex: '^["\']?rejectUnauthorized["\']?$' } } },
    judge: (node) => whenText(node.field('value'), /^false$/),
  },
  {
    rule: 'js-tls-switched-off',
    type: 'weak-crypto',
    severity: 'high',
    description: 'TLS certificates are not checked in the whole process',
    matcher: { rule: { kind: 'assignment_expression', has: { field: 'left', regex: 'NODE_TLS_REJECT_UNAUTHORIZED' } } },
    judge: (node) => whenText(node.field('right'), /^['"]?0['"]?$/),
  },
  {
    rule: 'js-jwt-none',
    type: 'weak-crypto',
    severity: 'high',
    description: 'Tokens without a signature are accepted',
    matcher: { rule: { kind: 'pair', has: { field: 'key', regex: '^algorithms?$' } } },
    judge: (node) => whenText(node.field('value'), /['"]none['"]/i),
  },
];

function whenText(node: SgNode | null, pattern: RegExp): Verdict | undefined {
  return node !== null && pattern.test(node.text()) ? CERTAIN : undefined;
}

/** Words that matter wherever they stand: an import may rename them. */
const WORDS =
  /\b(exec|execSync|spawn|spawnSync|execFile|execFileSync|execa\w*|shelljs|eval|Function|vm|innerHTML|outerHTML|srcdoc|__html|insertAdjacentHTML|createContextualFragment|bypassSecurityTrust\w+|trustAsHtml|createHash|createHmac|create(Dec|C)ipher\w*|createDecipher\w*|pseudoRandomBytes|md5|sha1|CryptoJS|crypto-js|rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|generateKeyPair\w*|pbkdf2\w*|\w*serialize\w*|deepDeserialize|funcster|cryo|yaml|\w+Raw\w*|document\.write(ln)?|Math\.random)\b|['"]none['"]|(\$|jQuery)[\w(]/;
const SQL_WORDS =
  /\b(select|insert\s+into|update|delete\s+from|where|drop|alter|create|merge|replace|truncate|call)\b/i;
const SQL_CALLS =
  /\b(query|execute|exec|raw|run|all|get|each|prepare|unsafe|literal|one|many|any|none|sql)\w*\s*(<[^()]*>)?\(/;
const OUTSIDE =
  /\b(req|request|ctx|context|event|evt|location|searchParams|window|document|file_?name|upload\w*|user_?\w*|input\w*)\b/i;
const SINKS =
  /\b(send|end|write|body|sendFile|sendfile|download|require|set(Timeout|Interval)|readFile\w*|create(Read|Write)Stream|writeFile\w*|appendFile\w*|unlink\w*|rm|rmSync|rmdir\w*|readdir\w*|open\w*|l?stat\w*|access\w*|exists\w*|copyFile\w*|rename\w*|mkdir\w*|readJson\w*|remove\w*|realpath\w*)\s*(\(|=[^=])/;

function mayMatter(source: string): boolean {
  return (
    WORDS.test(source) ||
    (SQL_WORDS.test(source) && SQL_CALLS.test(source)) ||
    (OUTSIDE.test(source) && SINKS.test(source))
  );
}

export const javascriptRules: RuleSet = {
  callsOf: indexCalls(calls),
  nodes,
  mayMatter,
};

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
  type CallRule,
  type NodeRule,
  type RuleSet,
} from '../rule.ts';

const calls: CallRule[] = [
  {
    rule: 'go-sql-string-building',
    type: 'sql-injection',
    severity: 'critical',
    description: 'SQL is put together from values: pass them as parameters',
    callee:
      /\.(Query|QueryRow|Exec|QueryContext|QueryRowContext|ExecContext|Prepare|PrepareContext|Raw|Queryx|QueryRowx|Get|Select|NamedExec|NamedQuery|MustExec|GetContext|SelectContext)$/,
    judge: ({ args }, flow) => buildsSql(args.slice(0, 3), flow),
  },
  {
    rule: 'go-sql-raw-fragment',
    type: 'sql-injection',
    severity: 'critical',
    description: 'A condition is put together from values: use placeholders',
    callee: /\.(Where|Having|Order|Or|Not)$/,
    judge({ args }, flow) {
      const [first] = args;
      return first !== undefined && /[=<>]|\b(like|asc|desc|in)\b/i.test(flow.trace(first).text)
        ? reaches(first, flow, 'sql-injection', 'built')
        : undefined;
    },
  },
  {
    rule: 'go-shell-command',
    type: 'command-injection',
    severity: 'critical',
    description: 'A value reaches a shell or chooses the program: run a fixed program with arguments',
    callee: /^(exec|execabs)\.(Command|CommandContext)$|^syscall\.Exec$|^os\.StartProcess$/,
    judge(call, flow) {
      const args = call.callee.endsWith('CommandContext') ? call.args.slice(1) : call.args;
      if (runsShell({ ...call, args }, flow)) return anyReaches(args, flow, 'command-injection', 'unknown');
      return reaches(args[0], flow, 'command-injection', 'tainted');
    },
  },
  {
    rule: 'go-path-from-request',
    type: 'path-traversal',
    severity: 'high',
    description: 'A file path comes from the request: clean it and check that it stays in its folder',
    callee:
      /^(os\.(Open|OpenFile|ReadFile|WriteFile|Create|Remove|RemoveAll|Mkdir|MkdirAll|ReadDir|Stat|Rename)|ioutil\.(ReadFile|WriteFile|ReadDir)|http\.ServeFile)$|^(c|ctx|context)\.(File|SendFile|FileAttachment|SaveUploadedFile)$/,
    judge: ({ callee, args }, flow) =>
      anyReaches(callee === 'http.ServeFile' ? args.slice(2) : args, flow, 'path-traversal', 'tainted'),
  },
  {
    rule: 'go-unescaped-template',
    type: 'xss',
    severity: 'high',
    description: 'A value is marked as safe for HTML without escaping',
    callee: /^template\.(HTML|JS|URL|HTMLAttr|CSS|JSStr)$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'xss', 'unknown'),
  },
  {
    rule: 'go-reflected-response',
    type: 'xss',
    severity: 'high',
    description: 'The response repeats what the request sent as HTML: use html/template',
    callee: /^(fmt\.Fprint(f|ln)?|io\.WriteString)$|^(w|rw|writer|res|resp)\.Write(String)?$/,
    judge({ callee, args }, flow) {
      const own = /\.Write(String)?$/.test(callee) && !callee.startsWith('io.');
      if (!own && !/^(w|rw|writer|res|resp|rsp|c\.Writer)$/.test(args[0]?.text() ?? '')) return undefined;
      return printsTainted(own ? args : args.slice(1), flow);
    },
  },
  {
    rule: 'go-weak-hash',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'MD5 and SHA-1 are broken: use crypto/sha256, or bcrypt for passwords',
    callee: /^(md5|sha1)\.(New|Sum)$/,
    judge: () => CERTAIN,
  },
  {
    rule: 'go-weak-cipher',
    type: 'weak-crypto',
    severity: 'high',
    description: 'DES and RC4 are broken: use AES-GCM',
    callee: /^(des\.New(Triple)?(DES)?Cipher|des\.NewCipher|rc4\.NewCipher|blowfish\.NewCipher)$/,
    judge: () => CERTAIN,
  },
  {
    rule: 'go-predictable-random',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'math/rand can be predicted: use crypto/rand',
    callee: /^rand\.(Int|Intn|Int31|Int31n|Int63|Int63n|Float64|Perm|Uint32|Uint64|IntN|N)$/,
    // crypto/rand has Int too, but with a reader as its first argument
    judge: ({ node, args }) => (isForSecurity(node) && args[0]?.text() !== 'rand.Reader' ? LIKELY : undefined),
  },
  {
    rule: 'go-short-rsa-key',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'RSA keys under 2048 bits can be factored',
    callee: /^rsa\.GenerateKey$/,
    judge: ({ args }) => (Number(args[1]?.text() ?? 2048) < 2048 ? CERTAIN : undefined),
  },
  {
    rule: 'go-unsafe-deserialiser',
    type: 'unsafe-deserialisation',
    severity: 'high',
    description: 'Data from outside is decoded as gob, which no attacker should feed: use JSON with a schema',
    callee: /^gob\.NewDecoder$/,
    judge({ args }, flow) {
      const verdict = reaches(args[0], flow, 'unsafe-deserialisation', 'tainted');
      return verdict ?? (/^(conn|c|socket)$/i.test(args[0]?.text() ?? '') ? LIKELY : undefined);
    },
  },
  {
    rule: 'go-yaml-into-anything',
    type: 'unsafe-deserialisation',
    severity: 'medium',
    description: 'Data from outside is decoded into interface{}: decode it into a type of your own',
    callee: /^yaml\.Unmarshal$/,
    judge({ args }, flow) {
      const anything = /interface\s*\{\s*\}|\bany\b/.test(
        constantText(args[1], flow) === undefined ? (args[1]?.text() ?? '') : '',
      );
      return anything ? reaches(args[0], flow, 'unsafe-deserialisation', 'tainted') : undefined;
    },
  },
];

const nodes: NodeRule[] = [
  {
    rule: 'go-tls-not-verified',
    type: 'weak-crypto',
    severity: 'high',
    description: 'TLS certificates are not checked',
    matcher: { rule: { kind: 'keyed_element', regex: '^InsecureSkipVerify\\s*:\\s*true$' } },
    judge: () => CERTAIN,
  },
  {
    rule: 'go-old-tls',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'TLS before 1.2 is broken',
    matcher: { rule: { kind: 'keyed_element', regex: '^M(in|ax)Version\\s*:\\s*tls\\.Version(SSL30|TLS10|TLS11)$' } },
    judge: () => CERTAIN,
  },
  {
    rule: 'go-text-template-for-html',
    type: 'xss',
    severity: 'medium',
    description: 'text/template does not escape HTML: import html/template',
    matcher: {
      rule: {
        kind: 'import_spec',
        regex: '"text/template"$',
        inside: { kind: 'import_spec_list', has: { kind: 'import_spec', regex: '"net/http"$' } },
      },
    },
    judge: () => LIKELY,
  },
];

const HINTS =
  /\b(Query\w*|Exec\w*|Prepare\w*|Raw|Get|Select|Named\w+|MustExec|Where|Having|Order|Command\w*|StartProcess|Open\w*|ReadFile|WriteFile|Create|Remove\w*|Mkdir\w*|ReadDir|ServeFile|File|SendFile|SaveUploadedFile|template|Fprint\w*|WriteString|Write|md5|sha1|des|rc4|blowfish|rand|rsa|gob|yaml|InsecureSkipVerify|MinVersion|MaxVersion)\b/;

export const goRules: RuleSet = {
  callsOf: indexCalls(calls),
  nodes,
  mayMatter: (source) => HINTS.test(source),
};

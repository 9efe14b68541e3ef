import {
  CERTAIN,
  LIKELY,
  anyReaches,
  buildsSql,
  comesFrom,
  constantText,
  indexCalls,
  isForSecurity,
  namesSecretFrom,
  printsTainted,
  reaches,
  runsShell,
  type CallRule,
  type NodeRule,
  type RuleSet,
} from '../rule.ts';

const WEAK_HASH = /^(MD[245]|SHA-?1|SHA)$/i;
const WEAK_CIPHER = /^(DES|DESede|TripleDES|RC[245]|ARCFOUR|Blowfish)(\/|$)|^AES$|\/ECB\//i;

const WEAK_KEY = /^(DES|DESede|RC[24]|ARCFOUR|Blowfish)$/i;

const PREDICTABLE =
  /^new:(java\.util\.)?Random$|(^|\.)Math\.random$|(^|\.)ThreadLocalRandom\.current$|(^|\.)RandomStringUtils\.\w+$/;

const calls: CallRule[] = [
  {
    rule: 'java-sql-string-building',
    type: 'sql-injection',
    severity: 'critical',
    description: 'SQL is put together from values: use a PreparedStatement with parameters',
    callee:
      /\.(executeQuery|executeUpdate|execute|executeLargeUpdate|addBatch|prepareStatement|prepareCall|createQuery|createNativeQuery|createSQLQuery|nativeSQL|query|queryForObject|queryForList|queryForMap|queryForRowSet|queryForInt|queryForLong|update|batchUpdate|rawQuery|execSQL)$/,
    judge: ({ args }, flow) => buildsSql(args.slice(0, 1), flow),
  },
  {
    rule: 'java-shell-command',
    type: 'command-injection',
    severity: 'critical',
    description: 'A command contains a value: use ProcessBuilder with a fixed program and arguments',
    callee: /(^|\.)(getRuntime\(\)|runtime|rt|r)\.exec$/i,
    judge(call, flow) {
      const [command] = call.args;
      const list = command !== undefined && flow.shape(command).kind === 'any-of' && !runsShell(call, flow);
      return (
        reaches(command, flow, 'command-injection', list ? 'built' : 'unknown') ??
        // its second argument is the environment, which chooses libraries and programs
        reaches(call.args[1], flow, 'command-injection', 'tainted')
      );
    },
  },
  {
    rule: 'java-process-with-shell',
    type: 'command-injection',
    severity: 'critical',
    description: 'A value reaches a shell or chooses the program: run a fixed program with arguments',
    callee: /^new:ProcessBuilder$|\.command$/,
    judge(call, flow) {
      if (runsShell(call, flow)) return anyReaches(call.args, flow, 'command-injection', 'unknown');
      return reaches(call.args[0], flow, 'command-injection', 'tainted');
    },
  },
  {
    rule: 'java-code-from-string',
    type: 'command-injection',
    severity: 'critical',
    description: 'A string is run as code',
    callee:
      /(\w*([eE]ngine|[sS]hell|[iI]nterpreter|script)(\(\))?)\.(eval|evaluate|parse)$|\.getEngineByName\(.*\)\.eval$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'command-injection', 'unknown'),
  },
  {
    rule: 'java-expression-from-request',
    type: 'command-injection',
    severity: 'critical',
    description: 'An expression language runs what the request sent',
    callee: /\.(parseExpression|createValueExpression|createMethodExpression)$/,
    judge: ({ args }, flow) => anyReaches(args, flow, 'command-injection', 'tainted'),
  },
  {
    rule: 'java-path-from-request',
    type: 'path-traversal',
    severity: 'high',
    description: 'A file path comes from the request: normalise it and check that it stays in its folder',
    callee:
      /^new:(java\.io\.)?(File|FileInputStream|FileReader|FileOutputStream|FileWriter|RandomAccessFile|FileSystemResource|PrintWriter)$|^((java\.nio\.file\.)?(Paths\.get|Path\.of)|Files\.\w+)$|\.(resolve|getRealPath)$/,
    judge: ({ args, callee }, flow) =>
      callee.endsWith('.write') ? undefined : anyReaches(args, flow, 'path-traversal', 'tainted'),
  },
  {
    rule: 'java-reflected-response',
    type: 'xss',
    severity: 'high',
    description: 'The response repeats what the request sent as HTML: encode it',
    callee:
      /(getWriter\(\)|getOutputStream\(\)|(?<!System\.)\bout|(?<![fF]ile)\b[wW]riter|\bpw|\bprintWriter)\.(print|println|write|format|printf|append)$/,
    judge: ({ args }, flow) => printsTainted(args, flow),
  },
  {
    rule: 'java-weak-hash',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'MD5 and SHA-1 are broken: use SHA-256, or bcrypt or argon2 for passwords',
    callee: /(^|\.)MessageDigest\.getInstance$/,
    judge: ({ args }, flow) => (WEAK_HASH.test(constantText(args[0], flow) ?? '') ? CERTAIN : undefined),
  },
  {
    rule: 'java-weak-hash-library',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'MD5 and SHA-1 are broken: use SHA-256',
    callee: /^(DigestUtils\.(md5|sha1|sha|getMd5Digest)\w*|Hashing\.(md5|sha1))$/,
    judge: () => CERTAIN,
  },
  {
    rule: 'java-weak-cipher',
    type: 'weak-crypto',
    severity: 'high',
    description: 'This cipher or mode is broken: use AES/GCM/NoPadding',
    callee: /(^|\.)(Cipher|KeyGenerator|SecretKeyFactory)\.getInstance$|^new:(NullCipher|DESKeySpec|SecretKeySpec)$/,
    judge({ args, callee, isNew }, flow) {
      if (callee === 'new:SecretKeySpec')
        return WEAK_KEY.test(constantText(args.at(-1), flow) ?? '') ? CERTAIN : undefined;
      if (isNew) return CERTAIN;
      const algorithm = constantText(args[0], flow) ?? '';
      // plain AES means ECB for a cipher, but is the key's right name for a generator
      return WEAK_CIPHER.test(algorithm) && !(algorithm === 'AES' && !callee.includes('Cipher.')) ? CERTAIN : undefined;
    },
  },
  {
    rule: 'java-predictable-random',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'java.util.Random can be predicted: use SecureRandom',
    callee:
      /^new:(java\.util\.)?Random$|^Math\.random$|^\w*([rR]andom|[rR]nd)\.next(Int|Long|Bytes|Double)$|^RandomStringUtils\.\w+$/,
    judge: ({ node, callee }) => (!/secure/i.test(callee) && isForSecurity(node) ? LIKELY : undefined),
  },
  {
    rule: 'java-predictable-random-kept',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'What knows a visitor again comes from java.util.Random, which can be predicted: use SecureRandom',
    callee: /^new:([\w.]+\.)?Cookie$|[sS]ession(\(\w*\))?\.setAttribute$|\.addCookie$/,
    judge: ({ args }, flow) => comesFrom(args.at(-1), flow, PREDICTABLE),
  },
  {
    rule: 'java-short-rsa-key',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'RSA keys under 2048 bits can be factored',
    callee: /([kK]ey[pP]air[gG]en\w*|kpg|keyGen)\.initialize$/,
    judge: ({ args }) =>
      Number(args[0]?.text() ?? 2048) >= 512 && Number(args[0]?.text()) < 2048 ? CERTAIN : undefined,
  },
  {
    rule: 'java-old-tls',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'SSL and TLS before 1.2 are broken',
    callee: /(^|\.)SSLContext\.getInstance$/,
    judge: ({ args }, flow) =>
      /^(SSL|SSLv[23]|TLSv1(\.1)?)$/.test(constantText(args[0], flow) ?? '') ? CERTAIN : undefined,
  },
  {
    rule: 'java-object-stream',
    type: 'unsafe-deserialisation',
    severity: 'critical',
    description: 'Reading objects from a stream can run code: use JSON, or set an ObjectInputFilter',
    callee: /\.(readObject|readUnshared)$/,
    judge({ node, receiver }, flow) {
      const source = node.getRoot().root().text();
      if (
        !source.includes('ObjectInputStream') ||
        /ObjectInputFilter|ValidatingObjectInputStream|resolveClass|LookAhead/.test(source)
      )
        return undefined;
      return receiver === undefined || flow.trace(receiver).level === 'constant' ? undefined : LIKELY;
    },
  },
  {
    rule: 'java-unsafe-deserialiser',
    type: 'unsafe-deserialisation',
    severity: 'critical',
    description: 'Deserialising this way can run code: restrict the classes or use JSON',
    callee:
      /^new:(java\.beans\.)?XMLDecoder$|(^|\.)(SerializationUtils\.deserialize|readClassAndObject)$|\b[xX][sS]tream\w*\.fromXML$|\.fromXML$/,
    judge({ args, node }, flow) {
      if (/allowTypes|setupDefaultSecurity|setRegistrationRequired\(true\)/.test(node.getRoot().root().text()))
        return undefined;
      return reaches(args[0], flow, 'unsafe-deserialisation', 'unknown') && LIKELY;
    },
  },
  {
    rule: 'java-yaml-with-code',
    type: 'unsafe-deserialisation',
    severity: 'high',
    description: 'SnakeYAML makes any object: use SafeConstructor',
    callee: /\b(yaml|new Yaml\(\)|newYaml\(\))\.(load|loadAll|loadAs)$/i,
    judge({ args, node }, flow) {
      if (node.getRoot().root().text().includes('SafeConstructor')) return undefined;
      return reaches(args[0], flow, 'unsafe-deserialisation', 'unknown') && LIKELY;
    },
  },
  {
    rule: 'java-default-typing',
    type: 'unsafe-deserialisation',
    severity: 'high',
    description: 'Default typing lets the data choose the class',
    callee: /\.(enableDefaultTyping|enableDefaultTypingAsProperty)$/,
    judge: () => CERTAIN,
  },
];

const nodes: NodeRule[] = [
  {
    rule: 'java-predictable-random-secret',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'A secret is made with java.util.Random, which can be predicted: use SecureRandom',
    matcher: { rule: { any: [{ kind: 'variable_declarator' }, { kind: 'assignment_expression' }] } },
    judge: (node, flow) => namesSecretFrom(node, flow, PREDICTABLE),
  },
  {
    rule: 'java-trusts-everybody',
    type: 'weak-crypto',
    severity: 'high',
    description: 'TLS certificates are not checked',
    matcher: {
      rule: {
        kind: 'method_declaration',
        all: [
          { has: { field: 'name', regex: '^checkServerTrusted$' } },
          { has: { field: 'body', regex: '^\\{\\s*\\}$' } },
        ],
      },
    },
    judge: () => CERTAIN,
  },
  {
    rule: 'java-any-host-name',
    type: 'weak-crypto',
    severity: 'high',
    description: 'The host name of TLS certificates is not checked',
    matcher: { rule: { kind: 'identifier', regex: '^(ALLOW_ALL_HOSTNAME_VERIFIER|NoopHostnameVerifier)$' } },
    judge: () => CERTAIN,
  },
  {
    rule: 'java-reflected-return',
    type: 'xss',
    severity: 'high',
    description: 'The page repeats what the request sent as HTML: escape it',
    matcher: {
      rule: {
        kind: 'return_statement',
        inside: {
          kind: 'method_declaration',
          stopBy: 'end',
          has: { kind: 'modifiers', regex: '@(Request|Get|Post|Put)Mapping' },
        },
      },
    },
    judge(node, flow) {
      const value = node.namedChildren()[0];
      return value !== undefined && flow.trace(value).text.includes('<') ? printsTainted([value], flow) : undefined;
    },
  },
];

const HINTS =
  /\b(execute\w*|addBatch|prepare(Statement|Call)|create\w*Query|nativeSQL|query\w*|update|batchUpdate|rawQuery|execSQL|exec|ProcessBuilder|command|eval|evaluate|parseExpression|create\w+Expression|File\w*|RandomAccessFile|Paths|Path|Files|resolve|getRealPath|getWriter|getOutputStream|out|writer|pw|MessageDigest|DigestUtils|Hashing|Cipher|KeyGenerator|SecretKeyFactory|NullCipher|DESKeySpec|Random\w*|random|initialize|SSLContext|readObject|readUnshared|XMLDecoder|SerializationUtils|fromXML|SecretKeySpec|checkServerTrusted|ALLOW_ALL_HOSTNAME_VERIFIER|NoopHostnameVerifier|\w+Mapping|[yY]aml|enableDefaultTyping\w*)\b/;

export const javaRules: RuleSet = {
  callsOf: indexCalls(calls),
  nodes,
  mayMatter: (source) => HINTS.test(source),
};

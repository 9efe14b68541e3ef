import type { SgNode } from '@ast-grep/napi';
import type { Flow } from '../flow.ts';
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
  suspectPath,
  type CallRule,
  type NodeRule,
  type RuleSet,
} from '../rule.ts';

const PREDICTABLE =
  /^random\.(random|randint|choices?|randrange|getrandbits|sample|uniform|randbytes|shuffle|triangular|\w+variate|gauss)$/;

const PATHLIB = /^(pathlib\.)?(Pure|Posix|Windows)*Path(\.(cwd|home))?$/;

const calls: CallRule[] = [
  {
    rule: 'py-sql-string-building',
    type: 'sql-injection',
    severity: 'critical',
    description: 'SQL is put together from values: pass them as parameters',
    callee:
      /(^|\.)(execute|executemany|executescript|raw|extra|read_sql|read_sql_query|text|RawSQL|mogrify|fetch|fetchrow|fetchval)$/,
    judge: ({ args }, flow) => buildsSql(args.slice(0, 1), flow),
  },
  {
    rule: 'py-shell-command',
    type: 'command-injection',
    severity: 'critical',
    description: 'A shell command contains a value: use subprocess.run with a list',
    callee:
      /^(os\.(system|popen\d?)|commands\.(getoutput|getstatusoutput)|subprocess\.(getoutput|getstatusoutput)|asyncio\.create_subprocess_shell|popen2\.\w+)$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'command-injection', 'unknown'),
  },
  {
    rule: 'py-subprocess-with-shell',
    type: 'command-injection',
    severity: 'critical',
    description: 'A value reaches a shell through subprocess: pass a list, without shell=True',
    callee: /^subprocess\.(run|call|check_call|check_output|Popen)$/,
    judge(call, flow) {
      const command = call.args[0] ?? call.keywords.get('args');
      const shell = call.keywords.get('shell')?.text() === 'True' || runsShell(call, flow);
      return reaches(command, flow, 'command-injection', shell ? 'unknown' : 'tainted') && (shell || !isList(command))
        ? reaches(command, flow, 'command-injection', shell ? 'unknown' : 'tainted')
        : undefined;
    },
  },
  {
    rule: 'py-remote-command',
    type: 'command-injection',
    severity: 'critical',
    description: 'A remote shell command is put together from values: quote them with shlex.quote',
    callee: /\.exec_command$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'command-injection', 'built'),
  },
  {
    rule: 'py-code-from-string',
    type: 'command-injection',
    severity: 'critical',
    description: 'A string is run as code',
    callee: /^(eval|exec|builtins\.(eval|exec))$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'command-injection', 'unknown'),
  },
  {
    rule: 'py-path-from-request',
    type: 'path-traversal',
    severity: 'high',
    description: 'A file path comes from the request: resolve it and check that it stays in its folder',
    callee:
      /^(open|io\.open|codecs\.open|aiofiles\.open|os\.(open|remove|unlink|listdir|rmdir|mkdir|makedirs|rename|stat|scandir)|shutil\.\w+|(flask\.)?send_file|FileResponse|fastapi\.responses\.FileResponse|starlette\.responses\.FileResponse|django\.http\.FileResponse|web\.FileResponse)$|\.(read_text|read_bytes|write_text|write_bytes|open|unlink)$/,
    judge(call, flow) {
      const subjects =
        call.receiver !== undefined &&
        /\.(read_|write_|open$|unlink$)/.test(call.callee) &&
        !/^(io|os|codecs|aiofiles)\./.test(call.callee)
          ? [call.receiver]
          : call.args.slice(0, 1);
      const paths = [...subjects, ...present(call.keywords.get('path'))];
      return anyReaches(paths, flow, 'path-traversal', 'tainted') ?? suspectPath(paths[0], flow);
    },
  },
  {
    rule: 'py-path-asked-about',
    type: 'path-traversal',
    severity: 'medium',
    description: 'Which file is looked at comes from the request: resolve it and check that it stays in its folder',
    callee:
      /^os\.path\.(exists|lexists|isfile|isdir|getsize|getmtime)$|\.(exists|is_file|is_dir|stat|iterdir|glob|rglob|touch|mkdir|rmdir|rename|replace)$/,
    judge({ callee, receiver, args }, flow) {
      if (callee.startsWith('os.path.')) return reaches(args[0], flow, 'path-traversal', 'tainted');
      return receiver === undefined || comesFrom(receiver, flow, PATHLIB) === undefined
        ? undefined
        : reaches(receiver, flow, 'path-traversal', 'tainted');
    },
  },
  {
    rule: 'py-archive-extraction',
    type: 'path-traversal',
    severity: 'medium',
    description: "An archive may write outside of its folder: pass filter='data'",
    callee: /\.extractall$/,
    judge: ({ keywords, receiver }) =>
      keywords.has('filter') || keywords.has('members') || /zip/i.test(receiver?.text() ?? '') ? undefined : LIKELY,
  },
  {
    rule: 'py-unescaped-markup',
    type: 'xss',
    severity: 'high',
    description: 'A value is marked as safe HTML without escaping',
    callee: /(^|\.)(Markup|mark_safe|SafeString|SafeText)$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'xss', 'unknown'),
  },
  {
    rule: 'py-template-from-string',
    type: 'xss',
    severity: 'high',
    description: 'A template is put together from values: pass them as its variables',
    callee: /(^|\.)(render_template_string|from_string)$/,
    judge: ({ args }, flow) => reaches(args[0], flow, 'xss', 'built'),
  },
  {
    rule: 'py-reflected-response',
    type: 'xss',
    severity: 'high',
    description: 'The response repeats what the request sent as HTML: escape it',
    callee: /(^|\.)(HttpResponse|make_response|HTMLResponse|Response)$|^self\.(response\.)?(write|out\.write)$/,
    judge({ args, keywords }, flow) {
      if (/json|plain/.test([...keywords.values()].map((value) => value.text()).join())) return undefined;
      return printsTainted([...args.slice(0, 1).map(bodyOf), ...present(keywords.get('content'))], flow);
    },
  },
  {
    rule: 'py-no-autoescape',
    type: 'xss',
    severity: 'medium',
    description: 'Templates do not escape: set autoescape',
    callee: /(^|\.)Environment$/,
    judge: ({ keywords }) => (keywords.get('autoescape')?.text() === 'False' ? CERTAIN : undefined),
  },
  {
    rule: 'py-weak-hash',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'MD5 and SHA-1 are broken: use SHA-256, or scrypt or argon2 for passwords',
    callee:
      /^(hashlib\.(md5|sha1|new)|Crypto(dome)?\.Hash\.(MD5|SHA1|SHA|MD4|MD2)\.new|(MD5|SHA1|MD4)\.new|(\w+\.)*hashes\.(MD5|SHA1))$/,
    judge(call, flow) {
      if (call.keywords.get('usedforsecurity')?.text() === 'False') return undefined;
      return !call.callee.endsWith('hashlib.new') || /^(md[45]|sha1?)$/i.test(constantText(call.args[0], flow) ?? '')
        ? CERTAIN
        : undefined;
    },
  },
  {
    rule: 'py-weak-cipher',
    type: 'weak-crypto',
    severity: 'high',
    description: 'This cipher or mode is broken: use AES-GCM',
    callee:
      /(^|\.)(DES3?\.new|ARC[24]\.new|Blowfish\.new|XOR\.new|algorithms\.(TripleDES|ARC4|Blowfish|IDEA|CAST5|SEED)|modes\.ECB|AES\.new)$/,
    judge: (call) =>
      !call.callee.endsWith('AES.new') || call.args.some((argument) => argument.text().includes('MODE_ECB'))
        ? CERTAIN
        : undefined,
  },
  {
    rule: 'py-predictable-random',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'The random module can be predicted: use secrets',
    callee: PREDICTABLE,
    judge: ({ node }) => (isForSecurity(node) ? LIKELY : undefined),
  },
  {
    rule: 'py-predictable-random-kept',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'What knows a visitor again comes from the random module, which can be predicted: use secrets',
    callee: /\.set_(signed_)?cookie$/,
    judge: ({ args, keywords }, flow) => comesFrom(keywords.get('value') ?? args[1], flow, PREDICTABLE),
  },
  {
    rule: 'py-tls-not-verified',
    type: 'weak-crypto',
    severity: 'high',
    description: 'TLS certificates are not checked',
    callee:
      /^((requests|httpx|session|s|client)\.(get|post|put|patch|delete|head|request|Client|AsyncClient)|ssl\._create_unverified_context)$/,
    judge: ({ callee, keywords }) =>
      callee.startsWith('ssl.') || keywords.get('verify')?.text() === 'False' ? CERTAIN : undefined,
  },
  {
    rule: 'py-short-rsa-key',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'RSA keys under 2048 bits can be factored',
    callee: /(^|\.)(rsa\.generate_private_key|RSA\.generate)$/,
    judge({ args, keywords }) {
      const bits = (
        keywords.get('key_size') ??
        args.find((argument) => Number(argument.text()) >= 256 && Number(argument.text()) < 65537)
      )?.text();
      return bits !== undefined && Number(bits) < 2048 ? CERTAIN : undefined;
    },
  },
  {
    rule: 'py-unsafe-deserialiser',
    type: 'unsafe-deserialisation',
    severity: 'critical',
    description: 'Deserialising this can run code: use JSON',
    callee:
      /^((c|_)?[pP]ickle\.(loads?|Unpickler)|dill\.loads?|cloudpickle\.loads?|marshal\.loads?|jsonpickle\.decode|joblib\.load|(pandas|pd)\.read_pickle|shelve\.open)$/,
    judge: ({ args, callee }, flow) =>
      reaches(args[0], flow, 'unsafe-deserialisation', callee === 'shelve.open' ? 'tainted' : 'unknown'),
  },
  {
    rule: 'py-model-with-code',
    type: 'unsafe-deserialisation',
    severity: 'high',
    description: 'Loading this file can run code: weights only, no pickle',
    callee: /^(torch\.load|(numpy|np)\.load)$/,
    judge({ callee, keywords }) {
      if (callee === 'torch.load') return keywords.get('weights_only')?.text() === 'True' ? undefined : LIKELY;
      return keywords.get('allow_pickle')?.text() === 'True' ? LIKELY : undefined;
    },
  },
  {
    rule: 'py-yaml-with-code',
    type: 'unsafe-deserialisation',
    severity: 'high',
    description: 'yaml.load can make any object: use yaml.safe_load',
    callee: /^yaml\.(load|load_all|unsafe_load|unsafe_load_all|full_load)$/,
    judge(call, flow) {
      const loader = call.keywords.get('Loader')?.text() ?? call.args[1]?.text() ?? '';
      if (/SafeLoader|BaseLoader/.test(loader)) return undefined;
      return reaches(call.args[0], flow, 'unsafe-deserialisation', 'unknown') && LIKELY;
    },
  },
];

const nodes: NodeRule[] = [
  {
    rule: 'py-predictable-random-secret',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'A secret is made with the random module, which can be predicted: use secrets',
    matcher: { rule: { kind: 'assignment' } },
    judge: (node, flow) => namesSecretFrom(node, flow, PREDICTABLE),
  },
  {
    rule: 'py-old-tls',
    type: 'weak-crypto',
    severity: 'medium',
    description: 'SSL and TLS before 1.2 are broken: use ssl.create_default_context',
    matcher: { rule: { kind: 'attribute', regex: '^ssl\\.PROTOCOL_(SSLv[23]|TLSv1|TLSv1_1)$' } },
    judge: () => CERTAIN,
  },
  {
    rule: 'py-reflected-return',
    type: 'xss',
    severity: 'high',
    description: 'The page repeats what the request sent as HTML: escape it',
    matcher: {
      rule: {
        kind: 'return_statement',
        inside: {
          kind: 'decorated_definition',
          stopBy: 'end',
          has: { kind: 'decorator', regex: '\\.(route|get|post|put)\\s*\\(' },
        },
      },
    },
    judge(node, flow) {
      const value = node.namedChildren()[0];
      return value !== undefined && isHtml(value, flow) ? printsTainted([value], flow) : undefined;
    },
  },
];

/** A view that returns a string answers with HTML, tags in it or not. */
function isHtml(value: SgNode, flow: Flow): boolean {
  return flow.isText(value) || /<\w/.test(flow.trace(value).text);
}

/** A response may be given as `(body, headers)` or `(body, status, headers)`. */
function bodyOf(response: SgNode): SgNode {
  return (response.is('tuple') ? response.namedChildren()[0] : undefined) ?? response;
}

function isList(node: SgNode | undefined): boolean {
  return node?.is('list') === true || node?.is('tuple') === true;
}

function present(node: SgNode | undefined): SgNode[] {
  return node === undefined ? [] : [node];
}

const HINTS =
  /\b(execute\w*|raw|extra|\w*Path|pathlib|read_sql\w*|text|RawSQL|mogrify|fetch\w*|os|subprocess|commands|asyncio|exec_command|eval|exec|open|shutil|send_file|FileResponse|read_text|read_bytes|write_text|write_bytes|Markup|mark_safe|render_template_string|from_string|HttpResponse|make_response|HTMLResponse|Response|write|autoescape|hashlib|hashes|MD5|SHA1|DES3?|ARC4|Blowfish|AES|algorithms|modes|random|verify|ssl|generate\w*|\w*[pP]ickle\w*|dill|marshal|joblib|shelve|torch|allow_pickle|extractall|yaml|route|get|post)\b/;

export const pythonRules: RuleSet = {
  callsOf: indexCalls(calls),
  nodes,
  mayMatter: (source) => HINTS.test(source),
};

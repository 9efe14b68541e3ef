import { entropy, isPlaceholder } from './placeholder.ts';
import type { Secret } from './secret.ts';

const NAME = String.raw`[\w.-]*(?:passw(?:or)?d|(?<![a-z])pass(?![\w])|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|credential)[\w.-]*`;
const QUOTED = new RegExp(
  String.raw`(?<![\w.-])(${NAME})["']?\s*(?:\]\s*)?(?::\s*string\s*=|:=|=>|[:=])\s*(?:new\s+String\(|\()?(["'\`])((?:(?!\2)[^\\\n]){6,300})\2`,
  'gi',
);
/** `KEY=value` and `key: value` of configuration files, where values need no quotes. */
const UNQUOTED = new RegExp(
  String.raw`^[ \t]*(?:export\s+|-\s+)?(${NAME})[ \t]*[:=][ \t]*()([^\s"'#\`]{6,300})[ \t]*$`,
  'gim',
);
/** A literal where a library wants the key. */
const KEY_ARGUMENT =
  /\b(jwt\.(?:sign|verify)|createHmac|createSecretKey)\([^,()'"`]{0,200}(?:\([^()]*\)|\{[^{}]*\}|['"]\w+['"])?[^,()'"`]{0,200},\s*(['"])([^'"\s]{6,200})\2/g;
/** Known endings, and files without one, as programs keep in home folders. */
const CONFIGURATION = /(^|\/)\.env[\w.-]*$|(^|\/)\.?[\w-]+$|\.(env|ya?ml|properties|ini|cfg|conf|toml|tfvars)$/i;
/** Names that speak about a secret instead of holding it. */
const ABOUT =
  /(url|uri|path|file|filename|name|type|id|ids|field|label|length|regex|pattern|header|prefix|suffix|env|var|title|text|message|placeholder|hint|error|expir\w*|ttl|policy|scopes?|endpoint|class|format|count|limit|max|min|status|mode|kind|selector|column|param|schema|rotation|algorithm|tokenizer|tokens|issuer|audience)$/i;
const PASSWORD = /passw|pass$|pwd|passphrase|jwt|createHmac|createSecretKey/i;

/** Encrypted ones are longer than what people type. */
const LONGEST_PASSWORD = 200;
/** Bits per character that code does not reach. */
const MOST_ORDERLY = 4.5;

/** Literals assigned to names like `password` or `apiKey` that look like the real thing. */
export function findAssignedSecrets(text: string, path: string): Secret[] {
  const patterns = CONFIGURATION.test(path) ? [QUOTED, UNQUOTED] : [QUOTED, KEY_ARGUMENT];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].flatMap((match) => judge(match)));
}

function judge({ 0: whole, 1: name = '', 3: value = '', index }: RegExpExecArray): Secret[] {
  if (ABOUT.test(name) || isPlaceholder(value) || !isPlausible(name, value)) return [];
  const start = index + whole.lastIndexOf(value);
  return [
    {
      rule: 'assigned-secret',
      description: `The value of ${name} stands in the source: read it from the environment`,
      severity: 'high',
      confidence: 'medium',
      start,
      end: start + value.length,
      value,
    },
  ];
}

/** Passwords are short and made by people; keys and tokens are long and random. */
function isPlausible(name: string, value: string): boolean {
  if (/\s/.test(value) || /^(https?:|\/|\.\/|#|@|--)/.test(value)) return false;
  // code has brackets; so has what a generator made of all signs
  const wrapped = /^\w*[({[<].*[)}\]>]$/.test(value);
  if (/[({[<>]/.test(value) && (wrapped || value.length < 32 || entropy(value) < MOST_ORDERLY)) return false;
  const mixed = /\d/.test(value) && /[a-z]/i.test(value);
  if (PASSWORD.test(name))
    return value.length <= LONGEST_PASSWORD && (mixed || /[!@$%^&*?~+]/.test(value)) && entropy(value) > 2;
  return value.length >= 12 && mixed && entropy(value) >= 3 && !/^[a-z]+([-_./:][a-z]+\d*)+$/i.test(value);
}

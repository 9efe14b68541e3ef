/** What is known about names, whatever the language. */

/** Calls that make a value safe for certain sinks. */
export const SANITISERS: readonly { readonly callee: RegExp; readonly safeFor: readonly string[] }[] = [
  {
    callee:
      /(^|\.)(escape(Xml|String)?|\w*([eE]scape|[eE]ncode)_?\w*[hH](tml|TML)\w*|html\.escape|htmlspecialchars|sanitize\w*|bleach\.clean|clean(Html|HTML)?|encodeURIComponent|forHtml\w*|HTMLEscapeString|JSEscapeString|EscapeString|html_?[eE]scape\w*|conditional_escape|format_html)$/,
    safeFor: ['xss'],
  },
  {
    callee: /(^|\.)(quote|shellescape|shell_quote|shellQuote|escapeShell\w*|escapeshellarg)$/,
    safeFor: ['command-injection'],
  },
  {
    callee:
      /(^|\.)(basename|secure_filename|getFileName|Base|sanitizeFilename|sanitize_filename|sanitizePath|safe_join)$/,
    safeFor: ['path-traversal'],
  },
  {
    callee:
      /(^|\.)(escapeId|escapeLiteral|escapeIdentifier|quote_identifier|quoteIdentifier|quote_ident|QuoteIdentifier|QuoteLiteral|encodeForSQL|Identifier|Literal|mysql_real_escape_string|escape_string|(mysql|mysql2|connection|conn|pool|db|client|sqlstring|SqlString)\.escape)$/,
    safeFor: ['sql-injection'],
  },
];

/** Calls whose result is not what went in: looked up, checked, counted. */
const BREAKS_FLOW =
  /(valid|allow|check|hash|digest|hmac|find|fetch|load|select|exists|count|length|size|index|compare|equals|startswith|endswith|includes|contains|matches|isinstance|test|send|write|close|open|listen|connect|verify|sign|encrypt)\w*$/i;

/** True when what goes into the call may come out again (`trim`, `decode`, `concat`, somebody's helper). */
export function passesThrough(callee: string): boolean {
  return !BREAKS_FLOW.test(callee.slice(callee.lastIndexOf('.') + 1));
}

const ASKS_OUTSIDE = /read|input|prompt|receive|next|environ|getenv|fetch|load|query|select|find|scan/i;

/** True when a call brings in something new whatever it is given: what is in a file, a database, a terminal. */
export function asksOutside(callee: string): boolean {
  return ASKS_OUTSIDE.test(callee.slice(callee.lastIndexOf('.') + 1));
}

/** `Utils`, `java.util.Objects`: by convention a class, not a value. */
export function isTypeName(path: string): boolean {
  return /^([a-z]\w*\.)*[A-Z]\w*[a-z]\w*$/.test(path);
}

/** `TABLE_NAME`: by convention fixed at build time. */
export function isConstantName(name: string): boolean {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name) && name.length > 1;
}

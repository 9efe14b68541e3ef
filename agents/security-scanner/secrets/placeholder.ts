const INVENTED =
  /example|sample|dummy|fake|placeholder|changeme|change[-_]me|your[-_]?|xxxx|\*\*\*|<[^>]*>|\.\.\.|redacted|todo|insert|replace|0{8}|123456789|abcdefgh|aaaaaa/i;
const REFERENCE =
  /\$\{|\{\{|^\$\(?[A-Z_]|^%\w+%$|process\.env|os\.environ|getenv|^(env|vault|secret|ref|arn|file|sm|ssm|op):/i;
const EVERYDAY =
  /^(pass|passwd|password|secret|token|test|testing|user|admin|root|postgres|redis|mysql|guest|default|none|null|undefined|true|false|string|demo|dev|local|hidden|required|optional|invalid|missing|wrong|empty|bearer|basic)[\d!]{0,1}$/i;

/** True when a value says of itself that it is no real secret. */
export function looksInvented(value: string): boolean {
  return INVENTED.test(value) || entropy(value) < 2;
}

/** True when a value stands for a secret that lies elsewhere, or is a word that nobody keeps secret. */
export function isPlaceholder(value: string): boolean {
  return REFERENCE.test(value) || EVERYDAY.test(value) || looksInvented(value);
}

/** Shannon entropy in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

const SHORTEST_MASKED = 4;

/** Secrets of one run: read from the environment by name, and masked in everything the kit writes to stderr. */
export interface Secrets {
  /** The value of the secret `name`, or undefined when it was not passed. */
  get(name: string): string | undefined;
  /** Treats `value` as secret too (for one that came with the input). */
  hide(value: string): void;
  /** `text` with every known secret replaced by `***`. */
  mask(text: string): string;
}

export function createSecrets(env: Readonly<Record<string, string | undefined>>): Secrets {
  const hidden = new Set<string>();
  const hide = (value: string) => {
    // shorter ones would mask half of any text
    if (value.length >= SHORTEST_MASKED)
      hidden.add(value).add(encodeURIComponent(value)).add(JSON.stringify(value).slice(1, -1));
  };
  return {
    hide,
    get(name) {
      const value = env[name];
      if (value !== undefined) hide(value);
      return value;
    },
    mask: (text) => [...hidden].reduce((masked, value) => masked.replaceAll(value, '***'), text),
  };
}

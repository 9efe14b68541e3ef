/** Structured lines on stderr: `{"level":"info","msg":"…",…}`. The engine stamps each line with its time and attempt. */
export interface Log {
  debug(msg: string, fields?: LogFields): void;
  info(msg: string, fields?: LogFields): void;
  warn(msg: string, fields?: LogFields): void;
  error(msg: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** A log that writes lines of at least `level`; `write` gets each line with its newline. */
export function createLog(write: (line: string) => void, level: string | undefined): Log {
  const lowest = Math.max(0, LEVELS.indexOf((level ?? 'info') as Level));
  const at = (name: Level) => (msg: string, fields?: LogFields) => {
    if (LEVELS.indexOf(name) >= lowest) write(`${JSON.stringify({ level: name, ...fields, msg })}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A line that the engine shows live as the node's progress; `fraction` is clamped to 0…1. */
export function progressLine(fraction: number, text: string): string {
  const progress = Math.round(Math.min(1, Math.max(0, fraction)) * 1000) / 1000;
  return `${JSON.stringify({ level: 'info', progress, msg: text })}\n`;
}

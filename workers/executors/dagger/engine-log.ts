import type { Masker } from '../../../platform/masker.ts';
import { StderrLines, type StderrSinks } from '../process/stderr.ts';

/** A line that a program in a container printed, as the engine's plain progress shows it: `12 : [0.3s] | text`. */
const PRINTED = /^\s*\d+\s*:\s*(?:[┆│┃]\s*)*\[[\d.]+s\]\s*[|│┃]\s?(.*)$/;
/**
 * Tells the agent's own lines from the engine's while they come, and at the end adds the lines of stderr that had not
 * been seen. The engine shows stdout and stderr alike.
 */
export class EngineLog {
  readonly #engine: StderrLines;
  readonly #agent: StderrLines;
  readonly #seen = new Map<string, number>();

  constructor(masker: Masker, sinks: StderrSinks, onEngineLine: (text: string) => void) {
    this.#agent = new StderrLines(masker, sinks);
    this.#engine = new StderrLines(masker, {
      onLog: ({ text }) => {
        const printed = PRINTED.exec(text)?.[1];
        if (printed === undefined) onEngineLine(text);
        else if (!mayBeResult(printed)) this.#show(printed);
      },
    });
  }

  push(chunk: Buffer): void {
    this.#engine.push(chunk);
  }

  /** @param stderr of the agent, as the engine gives it after the end */
  end(stderr: string): void {
    this.#engine.end();
    for (const line of stderr.split('\n').filter((text, index, all) => index < all.length - 1 || text !== '')) {
      const times = this.#seen.get(line) ?? 0;
      if (times > 0) this.#seen.set(line, times - 1);
      else this.#agent.push(Buffer.from(`${line}\n`));
    }
    this.#agent.end();
  }

  #show(line: string): void {
    this.#seen.set(line, (this.#seen.get(line) ?? 0) + 1);
    this.#agent.push(Buffer.from(`${line}\n`));
  }
}

/** The result is a line of JSON too, and no line of the log; those of the kit are objects with a level. */
function mayBeResult(line: string): boolean {
  try {
    const value = JSON.parse(line) as { level?: unknown } | null;
    return value?.level === undefined;
  } catch {
    return false;
  }
}

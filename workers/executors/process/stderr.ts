import type { Masker, MaskedPieces } from '../../../platform/masker.ts';
import type { LogLine, Progress } from '../executor.ts';

/** Characters of a line that are kept; a line may be one endless blob. */
const LONGEST_LINE = 16_384;
/** What one attempt may leave in the logs. */
const LARGEST_LOG = 1024 * 1024;
/** What failures quote. */
const TAIL_LENGTH = 4_096;

export interface StderrSinks {
  onLog(this: void, line: LogLine): void;
  onProgress?(this: void, progress: Progress): void;
}

/** Cuts an agent's stderr into masked lines as they come, within the limits of length and total. */
export class StderrLines {
  readonly #pieces: MaskedPieces;
  readonly #sinks: StderrSinks;
  #line = '';
  #cut = 0;
  #logged = 0;
  #tail = '';

  constructor(masker: Masker, sinks: StderrSinks) {
    // masking before cutting: a secret may have several lines
    this.#pieces = masker.pieces();
    this.#sinks = sinks;
  }

  push(chunk: Buffer): void {
    this.#take(this.#pieces.push(chunk));
  }

  end(): void {
    this.#take(this.#pieces.end());
    if (this.#line !== '') this.#finishLine();
  }

  /** The last lines, blank ones left out. */
  get tail(): string {
    return this.#tail.trim();
  }

  #take(text: string): void {
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#finishLine();
      this.#extend(part);
    }
  }

  #extend(part: string): void {
    const room = LONGEST_LINE - this.#line.length;
    this.#line += part.slice(0, room);
    this.#cut += Math.max(0, part.length - room);
  }

  #finishLine(): void {
    const kept = this.#line.replace(/\r$/, '');
    const text = this.#cut > 0 ? `${kept}… (${this.#cut} more characters cut)` : kept;
    this.#line = '';
    this.#cut = 0;
    if (text.trim() !== '') this.#tail = `${this.#tail}\n${text}`.slice(-TAIL_LENGTH);
    this.#report(text);
  }

  #report(text: string): void {
    const progress = readProgress(text);
    if (progress) this.#sinks.onProgress?.(progress);
    if (this.#logged > LARGEST_LOG) return;
    this.#logged += Buffer.byteLength(text) + 1;
    this.#log(this.#logged > LARGEST_LOG ? '… the log ends here: this attempt wrote more than 1 MiB to stderr' : text);
  }

  #log(text: string): void {
    this.#sinks.onLog({ at: new Date(), stream: 'stderr', text });
  }
}

/** The kit reports progress as `{"level":"info","progress":0.4,"msg":"scanning"}`. */
function readProgress(line: string): Progress | undefined {
  if (!line.startsWith('{') || !line.includes('"progress"')) return undefined;
  try {
    const { progress, msg } = JSON.parse(line) as { progress?: unknown; msg?: unknown };
    if (typeof progress !== 'number' || !(progress >= 0 && progress <= 1)) return undefined;
    return typeof msg === 'string' ? { fraction: progress, message: msg } : { fraction: progress };
  } catch {
    return undefined;
  }
}

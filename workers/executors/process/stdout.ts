/** Collects what an agent prints, up to a number of bytes; what comes after is dropped and reported once. */
export class StdoutCollector {
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  readonly #onTooLarge: () => void;
  #bytes = 0;

  constructor(maxBytes: number, onTooLarge: () => void) {
    this.#maxBytes = maxBytes;
    this.#onTooLarge = onTooLarge;
  }

  push(chunk: Buffer): void {
    if (this.#bytes > this.#maxBytes) return;
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    if (this.#bytes > this.#maxBytes) this.#onTooLarge();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

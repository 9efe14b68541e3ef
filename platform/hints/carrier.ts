/** Nothing is due to who listens, so that it asks now and then whether the server is there. */
export const ASK_EVERY_MS = 5_000;

/** What brings hints to other processes. It connects by itself, again and again, and drops what it cannot send. */
export interface HintCarrier {
  /** How large the hints of one message may be. */
  readonly maxBytes: number;
  send(text: string): void;
  close(): Promise<void>;
}

/** What the fake engine was asked, see fake-engine.mjs. */
export interface FakeEngine {
  readonly port: number;
  readonly queries: string[];
  /** The calls of each container that was synced; ids replaced by what they stand for. */
  readonly chains: { readonly name: string; readonly args: Record<string, unknown> }[][];
  readonly secrets: { readonly name: string; readonly plaintext: string }[];
  /** Process ids of what runs in its containers. */
  readonly running: ReadonlySet<number>;
  stop(): Promise<void>;
}

export function startFakeEngine(options: {
  token: string;
  mode?: string;
  images?: Record<string, string[]>;
  onPrinted?: (line: string) => void;
}): Promise<FakeEngine>;

import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './signals.ts';

/** The folders that agents work in: one per process, below one of this worker's own, readable by nobody else. */
export class TempFolders {
  readonly #parent: string;
  #root: string | undefined;
  #count = 0;

  /** @param parent usually the system's temp folder */
  constructor(parent: string) {
    this.#parent = parent;
  }

  /** The worker's own folder; whoever outlives the worker removes it. */
  get root(): string {
    // mkdtemp makes it with mode 0700 and a name that nobody can have prepared
    this.#root ??= mkdtempSync(join(this.#parent, `commandcenter-${process.pid}-`));
    return this.#root;
  }

  create(): string {
    this.#count += 1;
    const folder = join(this.root, String(this.#count));
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }

  /** Removes a folder with all that an agent left in it. Never rejects. */
  async remove(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }

  async removeAll(): Promise<void> {
    if (this.#root !== undefined) await this.remove(this.#root);
    this.#root = undefined;
  }

  /** Removes what workers left that were killed together with their reaper. */
  async removeStale(): Promise<void> {
    const stale = readdirSync(this.#parent).filter((name) => {
      const owner = Number(/^commandcenter-(\d+)-[A-Za-z0-9]{6}$/.exec(name)?.[1]);
      return owner > 0 && !isAlive(owner);
    });
    await Promise.all(stale.map((name) => this.remove(join(this.#parent, name))));
  }
}

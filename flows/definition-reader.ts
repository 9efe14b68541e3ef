import type { Logger } from '../platform/log.ts';
import { parseDefinition, type WorkflowDefinition } from './definition.ts';

/** A version of a workflow as it is stored. */
export interface StoredDefinition {
  /** The workflow's. */
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly definition: unknown;
}

/** Null for one that cannot be read: stored by hand, or by a version of ours with another format. */
export type DefinitionReader = (stored: StoredDefinition) => WorkflowDefinition | null;

const MOST_KEPT = 1_000;

/** Reads stored definitions, each version once: it never changes. One that cannot be read is named in the log, also once. */
export function createDefinitionReader(log: Logger): DefinitionReader {
  const known = new Map<string, WorkflowDefinition | null>();

  function read({ name, version, definition }: StoredDefinition): WorkflowDefinition | null {
    try {
      return parseDefinition(definition);
    } catch (error) {
      log.error({ err: error, workflow: name, version }, 'a stored definition cannot be read');
      return null;
    }
  }

  return (stored) => {
    const key = `${stored.id}/${String(stored.version)}`;
    let definition = known.get(key);
    if (definition === undefined) {
      if (known.size >= MOST_KEPT) known.clear();
      definition = read(stored);
      known.set(key, definition);
    }
    return definition;
  };
}

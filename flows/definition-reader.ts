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

/** Reads stored definitions, each version once: it never changes. One that cannot be read is reported, also once. */
export function createDefinitionReader(report: (error: unknown, stored: StoredDefinition) => void): DefinitionReader {
  const known = new Map<string, WorkflowDefinition | null>();

  function read(stored: StoredDefinition): WorkflowDefinition | null {
    try {
      return parseDefinition(stored.definition);
    } catch (error) {
      report(error, stored);
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

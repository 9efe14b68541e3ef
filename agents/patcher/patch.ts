import { resolveWorkspace, type AgentContext } from '../kit/index.ts';
import { apply } from './apply.ts';
import { requireCleanTree } from './clean-tree.ts';
import type { Edit } from './edit.ts';
import { applyPatch } from './operations/apply-patch.ts';
import { codemod } from './operations/codemod.ts';
import { editConfig } from './operations/config-edit.ts';
import { updateDependencies } from './operations/dependency-update.ts';
import { replace } from './operations/replace.ts';
import type { Input, Output } from './schemas.ts';
import { countLines, formatDiff, reversed } from './unified-diff.ts';

/** Works out the edits, shows them, and makes them unless it is a dry run. */
export async function patch(input: Input, context: AgentContext): Promise<Output> {
  const startedAt = performance.now();
  const root = await resolveWorkspace(input.repositoryPath);
  if (!input.dryRun && !input.allowDirty) await requireCleanTree(root);
  const edits = (await planEdits(root, input)).filter(({ before, after }) => before !== after);
  context.signal.throwIfAborted();
  if (!input.dryRun) await apply(root, edits);
  return {
    ...describe(edits),
    applied: !input.dryRun && edits.length > 0,
    patchDurationMs: Math.round(performance.now() - startedAt),
  };
}

function planEdits(root: string, input: Input): Promise<Edit[]> {
  switch (input.operation) {
    case 'replace':
      return replace(root, input);
    case 'dependency-update':
      return updateDependencies(root, input);
    case 'config-edit':
      return editConfig(root, input);
    case 'codemod':
      return codemod(root, input);
    case 'apply-patch':
      return applyPatch(root, input);
  }
}

function describe(edits: readonly Edit[]): Pick<Output, 'changes' | 'summary' | 'rollbackPatch'> {
  const counted = edits.map((edit) => ({ edit, ...countLines(edit) }));
  return {
    changes: counted.map(({ edit, added, removed }) => ({
      file: edit.file,
      action: actionOf(edit),
      linesChanged: added + removed,
      diff: formatDiff(edit),
    })),
    summary: {
      filesChanged: edits.length,
      linesAdded: counted.reduce((sum, { added }) => sum + added, 0),
      linesRemoved: counted.reduce((sum, { removed }) => sum + removed, 0),
    },
    rollbackPatch: edits.map((edit) => formatDiff(reversed(edit))).join(''),
  };
}

function actionOf({ before, after }: Edit): Output['changes'][number]['action'] {
  if (before === undefined) return 'created';
  return after === undefined ? 'deleted' : 'modified';
}

import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { bundle } from '../../agents/bundle.ts';
import { isScript, readPackageFacts } from '../../agents/package-facts.ts';
import type { AgentReference } from '../executor.ts';
import { AGENT_FOLDER } from './container.ts';
import type { ContainerSource } from './order.ts';

/** Long-term support until April 2028; agents are compiled for Node.js 20 and later. */
export const BASE_IMAGE = 'node:24-alpine';

/**
 * What to run in the container: the agent's image where it has one, else its folder on a Node.js image.
 * @throws Error when the folder is no agent any more or cannot be compiled
 */
export async function containerSource(agent: AgentReference): Promise<ContainerSource> {
  const { image, directory } = agent;
  if (image !== undefined) return { kind: 'image', image };
  const { source } = await readPackageFacts(directory);
  const inside = join(AGENT_FOLDER, relative(directory, source)).split(sep).join('/');
  const base = {
    kind: 'folder',
    image: BASE_IMAGE,
    directory,
    locked: existsSync(join(directory, 'package-lock.json')),
  } as const;
  if (!isScript(source)) return { ...base, module: undefined, command: [inside] };
  // beside the source, so that files found by `import.meta.url` are found
  const path = `${dirname(inside)}/commandcenter-entry.mjs`;
  const { code } = await bundle(source, 'bare');
  return { ...base, module: { path, code }, command: ['node', path] };
}

import type { Client, Container } from '@dagger.io/dagger';
import type { DaggerSdk } from './sdk.ts';
import type { ContainerSource, RunOrder } from './order.ts';

/** Where a folder's agent lies and where agents work, inside the container. */
export const AGENT_FOLDER = '/agent';
const WORK_FOLDER = '/work';
const NPM_CACHE = { path: '/root/.npm', volume: 'commandcenter-npm' };
const INSTALL_FILES = ['package.json', 'package-lock.json', '.npmrc'];
const NOT_THE_AGENT = ['node_modules', 'dist', '.git'];

/** The container of one attempt, up to and including the agent's execution; nothing runs before it is asked for. */
export function attemptContainer(client: Client, order: RunOrder, { ReturnType }: DaggerSdk): Container {
  const { source, argument, stdin } = order;
  const prepared = withAttempt(client, withWorkspaces(client, installed(client, source), order), order);
  const args = source.kind === 'image' ? [argument] : [...source.command, argument];
  return prepared.withExec(args, {
    // without it an agent that fails is an exception (it still is for 128–191)
    expect: ReturnType.Any,
    ...(source.kind === 'image' ? { useEntrypoint: true } : {}),
    ...(stdin === '' ? {} : { stdin }),
  });
}

/** The layers that attempts share: image, packages, sources. What changes often comes last. */
export function installed(client: Client, source: ContainerSource): Container {
  const base = client.container().from(source.image);
  if (source.kind === 'image') return base;
  const folder = (options: { include?: string[]; exclude?: string[] }) =>
    client.host().directory(source.directory, options);
  const withPackages = base
    .withMountedCache(NPM_CACHE.path, client.cacheVolume(NPM_CACHE.volume))
    .withWorkdir(AGENT_FOLDER)
    .withDirectory(AGENT_FOLDER, folder({ include: INSTALL_FILES }))
    .withExec([...installCommand(source.locked), '--omit=dev', '--no-audit', '--no-fund'])
    .withDirectory(AGENT_FOLDER, folder({ exclude: NOT_THE_AGENT }));
  return source.module ? withPackages.withNewFile(source.module.path, source.module.code) : withPackages;
}

/** @returns the start of the command that installs packages, which tells its failures from the agent's */
export function installCommand(locked: boolean): string[] {
  return ['npm', locked ? 'ci' : 'install'];
}

function withWorkspaces(client: Client, container: Container, { workspaces }: RunOrder): Container {
  return workspaces.reduce(
    (mounted, { path, writable }) =>
      mounted.withMountedDirectory(path, client.host().directory(path, { noCache: true }), { readOnly: !writable }),
    container,
  );
}

/** The run and attempt among the variables make each attempt a key of its own in the engine's cache: it really runs. */
function withAttempt(client: Client, container: Container, { env, secrets }: RunOrder): Container {
  const base = container.withMountedTemp(WORK_FOLDER).withWorkdir(WORK_FOLDER);
  const withVariables = Object.entries(env).reduce((next, [name, value]) => next.withEnvVariable(name, value), base);
  return Object.entries(secrets).reduce(
    (next, [name, value]) => next.withSecretVariable(name, client.setSecret(name, value)),
    withVariables,
  );
}

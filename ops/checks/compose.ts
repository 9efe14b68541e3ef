import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { complaintsOf } from './program.ts';
import { readYaml } from './yaml-file.ts';

export interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly container_name?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly profiles?: readonly string[];
  readonly privileged?: boolean;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

export const COMPOSE_FILES = ['docker-compose.yml', 'docker-compose.observability.yml'] as const;
/** Values for what `.env` gives, so that the file can be resolved. */
const VALUES = { POSTGRES_PASSWORD: 'p', REDIS_PASSWORD: 'r', AUTH_TOKENS: 'ops:admin:t' };
/** Images without a shell or a client that could ask. */
const WITHOUT_HEALTH_CHECK = new Set(['tempo', 'loki', 'otel-collector']);

/** Against the schema of compose 1.29 (which newer ones read too), and what a schema cannot see. */
export const composeChecks: readonly Check[] = COMPOSE_FILES.flatMap((file) => [
  {
    name: `${file}: schema`,
    needs: ['docker-compose'],
    run: (root) => complaintsOf('docker-compose', ['-f', file, 'config', '-q'], { cwd: root, env: withValues() }),
  },
  { name: `${file}: images, ports, health, mounts`, run: async (root) => problemsOf(root, file) },
]);

function withValues(): NodeJS.ProcessEnv {
  return { ...process.env, ...VALUES };
}

async function problemsOf(root: string, file: string): Promise<string[]> {
  const compose = await readYaml<ComposeFile>(join(root, file));
  const lists = Object.entries(compose.services).map(async ([name, service]) => {
    const problems = [...imageProblems(service), ...portProblems(service), ...healthProblems(name, service)];
    return [...problems, ...(await mountProblems(root, service, compose))].map((problem) => `${name}: ${problem}`);
  });
  return (await Promise.all(lists)).flat();
}

function imageProblems({ image }: ComposeService): string[] {
  if (image === undefined) return ['has no image'];
  return /:v?\d+\.\d+/.test(image) ? [] : [`${image} has no exact tag`];
}

function portProblems({ ports = [] }: ComposeService): string[] {
  return ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${port} is open to the network`);
}

function healthProblems(name: string, { healthcheck }: ComposeService): string[] {
  return healthcheck === undefined && !WITHOUT_HEALTH_CHECK.has(name) ? ['has no health check'] : [];
}

async function mountProblems(root: string, { volumes = [] }: ComposeService, compose: ComposeFile): Promise<string[]> {
  const problems: string[] = [];
  for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
    if (source.startsWith('./') && !(await exists(join(root, source)))) problems.push(`${source} does not exist`);
    if (/^[a-z]/.test(source) && !(source in (compose.volumes ?? {})))
      problems.push(`volume ${source} is not declared`);
  }
  return problems;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

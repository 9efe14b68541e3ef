import type { Breach, Rule } from '../rule.ts';
import { readYaml, type YamlMap } from '../yaml-documents.ts';

const COMPOSE = /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/;
const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)/i;
const DATABASE_PORTS = new Set(['5432', '3306', '6379', '27017', '9200', '4222', '2375', '11211']);
const DANGEROUS = /^(ALL|SYS_ADMIN|SYS_PTRACE|NET_ADMIN|SYS_MODULE|DAC_READ_SEARCH)$/;

export const composeRules: readonly Rule[] = [
  perService(
    'compose-privileged',
    'critical',
    'Drop privileged and add the one capability that is needed',
    (service) =>
      service.get('privileged') === true ? [{ line: service.line('privileged'), what: 'runs privileged' }] : [],
  ),
  perService(
    'compose-docker-socket',
    'critical',
    'Do not hand the Docker socket to a container; it is root on the host',
    (service) =>
      volumes(service)
        .filter(({ source }) => source.includes('docker.sock'))
        .map(({ line }) => ({ line, what: 'mounts the Docker socket' })),
  ),
  perService('compose-host-namespace', 'warning', 'Publish the ports that are needed', (service) =>
    ['network_mode', 'pid', 'ipc']
      .filter((key) => service.get(key) === 'host')
      .map((key) => ({ line: service.line(key), what: `shares the host's ${key.replace('_mode', '')}` })),
  ),
  perService('compose-dangerous-capability', 'critical', 'Remove the capability', (service) =>
    list(service.get('cap_add'))
      .filter((capability) => DANGEROUS.test(capability.replace(/^CAP_/, '')))
      .map((capability) => ({ line: service.line('cap_add'), what: `has the capability ${capability}` })),
  ),
  perService('compose-image-unpinned', 'warning', 'Name an exact tag', (service) => {
    const image = service.get('image');
    if (
      typeof image !== 'string' ||
      image.includes('@sha256:') ||
      image.includes('$') ||
      service.get('build') !== undefined
    )
      return [];
    const tag = /:([^/:]+)$/.exec(image)?.[1];
    return tag === undefined || tag === 'latest'
      ? [{ line: service.line('image'), what: `uses ${image} without an exact tag` }]
      : [];
  }),
  perService(
    'compose-secret-in-file',
    'warning',
    'Take it from the environment (${NAME}) or from a secret',
    (service) =>
      environment(service)
        .filter(
          ({ name, value }) =>
            SECRET_NAME.test(name) && value !== '' && !value.includes('$') && !name.endsWith('_FILE'),
        )
        .map(({ name, line }) => ({ line, what: `has the value of ${name} in the file` })),
  ),
  perService('compose-database-published', 'warning', 'Publish on 127.0.0.1 only, or not at all', (service) =>
    service.children('ports').flatMap((_, at) => {
      const port = service.get('ports', at);
      const text = typeof port === 'string' || typeof port === 'number' ? String(port) : '';
      const [container = ''] = (text.split(':').at(-1) ?? '').split('/');
      const open = text.includes(':') && !/^(127\.|\[?::1|localhost|\$\{)/.test(text);
      return open && DATABASE_PORTS.has(container)
        ? [{ line: service.line('ports', at), what: `publishes port ${container} to everybody` }]
        : [];
    }),
  ),
];

interface Place {
  readonly line: number;
  readonly what: string;
}

function perService(
  id: string,
  severity: Rule['severity'],
  remediation: string,
  check: (service: YamlMap) => Place[],
): Rule {
  return {
    id,
    scope: 'compose',
    severity,
    remediation,
    async check(project) {
      const files = await readYaml(project, COMPOSE);
      return files.flatMap(({ file, map }) =>
        map
          .children('services')
          .flatMap(({ key, map: service }) =>
            check(service).map(({ line, what }): Breach => ({ file, line, message: `${key} ${what}` })),
          ),
      );
    },
  };
}

function volumes(service: YamlMap): { source: string; line: number }[] {
  return service.children('volumes').map((_, at) => {
    const volume = service.get('volumes', at);
    const source = typeof volume === 'object' && volume !== null ? (volume as { source?: unknown }).source : volume;
    return { source: String(source), line: service.line('volumes', at) };
  });
}

/** Both forms: a mapping, and a list of `NAME=value`. */
function environment(service: YamlMap): { name: string; value: string; line: number }[] {
  const value = service.get('environment');
  if (Array.isArray(value)) {
    return value.map((entry, at) => {
      const [name = '', ...rest] = String(entry).split('=');
      return { name, value: rest.join('='), line: service.line('environment', at) };
    });
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).map(([name, text]) => ({
    name,
    value: String(text ?? ''),
    line: service.line('environment', name),
  }));
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './check.ts';
import type { ComposeFile } from './compose.ts';
import { readYaml } from './yaml-file.ts';

const OBSERVABILITY = 'docker-compose.observability.yml';

interface Collector {
  readonly receivers: Readonly<Record<string, unknown>>;
  readonly processors: Readonly<Record<string, unknown>>;
  readonly exporters: Readonly<Record<string, { readonly endpoint: string }>>;
  readonly service: { readonly pipelines: Readonly<Record<string, Pipeline>> };
}

interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/**
 * Grafana, Tempo, Loki and the collector are in no package of Debian or npm: their files are looked at by hand, for what
 * goes wrong most: a part that is named and not there, an address of a service that does not exist.
 */
export const pipelineChecks: readonly Check[] = [
  { name: 'Collector: pipelines use what is defined (by hand, no binary here)', run: collectorProblems },
  { name: 'Tempo, Loki, Grafana: files parse and name services that exist (by hand)', run: addressProblems },
];

async function collectorProblems(root: string): Promise<string[]> {
  const collector = await readYaml<Collector>(join(root, 'ops/otel/collector.yml'));
  const kinds = ['receivers', 'processors', 'exporters'] as const;
  return Object.entries(collector.service.pipelines).flatMap(([name, pipeline]) =>
    kinds.flatMap((kind) =>
      pipeline[kind].filter((part) => !(part in collector[kind])).map((part) => `${name}: ${kind} has no ${part}`),
    ),
  );
}

async function addressProblems(root: string): Promise<string[]> {
  const { services } = await readYaml<ComposeFile>(join(root, OBSERVABILITY));
  const files = [
    'ops/otel/collector.yml',
    'ops/tempo/tempo.yml',
    'ops/loki/loki.yml',
    'ops/grafana/provisioning/datasources/datasources.yml',
    'ops/grafana/provisioning/dashboards/dashboards.yml',
  ];
  const lists = files.map(async (file) => {
    const path = join(root, file);
    await readYaml(path);
    const text = await readFile(path, 'utf8');
    const hosts = [...text.matchAll(/(?:url|endpoint): (?:https?:\/\/)?([a-z][a-z-]*):\d+/g)].map(
      ([, host = '']) => host,
    );
    return hosts.filter((host) => !(host in services)).map((host) => `${file}: no service is called ${host}`);
  });
  return (await Promise.all(lists)).flat();
}

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything that a run of seconds needs shorter than a service of years; nothing else is changed. */
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/\b(scrape_interval|evaluation_interval|interval): \d+s/g, '$1: 1s'],
  [/\bgroup_wait: \d+s/g, 'group_wait: 1s'],
];

const FILES = [
  'prometheus/prometheus.yml',
  'prometheus/rules/recording.yml',
  'prometheus/rules/alerts.yml',
  'alertmanager/alertmanager.local.yml',
] as const;

export interface LivePorts {
  readonly api: number;
  readonly prometheus: number;
  readonly alertmanager: number;
  /** Of workers in processes of their own. */
  readonly workers?: readonly number[];
}

/** Copies our files for Prometheus and AlertManager, with this machine's addresses in the place of the containers'. */
export async function writeConfiguration(root: string, folder: string, ports: LivePorts): Promise<void> {
  const addresses = [
    ['orchestration:9002', `127.0.0.1:${ports.api}`],
    ['alertmanager:9093', `127.0.0.1:${ports.alertmanager}`],
    ['127.0.0.1:9090', `127.0.0.1:${ports.prometheus}`],
    [
      'dns_sd_configs: [{ names: [worker], type: A, port: 9100 }]',
      `static_configs: [{ targets: [${(ports.workers ?? []).map((port) => `'127.0.0.1:${port}'`).join(', ')}] }]`,
    ],
  ] as const;
  await cp(join(root, 'ops/prometheus'), join(folder, 'prometheus'), { recursive: true });
  await cp(join(root, 'ops/alertmanager'), join(folder, 'alertmanager'), { recursive: true });
  for (const file of FILES) {
    let text = await readFile(join(folder, file), 'utf8');
    for (const [there, here] of addresses) text = text.replaceAll(there, here);
    for (const [long, short] of SHORTER) text = text.replaceAll(long, short);
    await writeFile(join(folder, file), text);
  }
}

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Check } from './check.ts';
import { complaintsOf } from './program.ts';
import { readRules } from './prometheus.ts';
import { readYaml } from './yaml-file.ts';

const FOLDER = join('ops', 'alertmanager');
const CONFIGURATION = join(FOLDER, 'alertmanager.yml');
const LOCAL = join(FOLDER, 'alertmanager.local.yml');

interface RouteTest {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly string[];
}

export const alertmanagerChecks: readonly Check[] = [
  {
    name: 'AlertManager: configurations',
    needs: ['amtool'],
    run: (root) => complaintsOf('amtool', ['check-config', CONFIGURATION, LOCAL], { cwd: root }),
  },
  {
    name: 'AlertManager: where alerts go',
    needs: ['amtool'],
    async run(root) {
      const tests = await readYaml<RouteTest[]>(join(root, FOLDER, 'routes.test.yml'));
      const ours = (await readRules(root, 'alerts')).map(asRouteTest);
      return (await Promise.all([...tests, ...ours].map((test) => routingProblems(root, test)))).flat();
    },
  },
  { name: 'AlertManager: the two configurations differ in the token alone', run: differences },
];

/** What the label `remediation` of our own alerts promises. */
function asRouteTest({ alert = '', labels = {} }: Awaited<ReturnType<typeof readRules>>[number]): RouteTest {
  const people = labels.severity === 'critical' ? ['operators'] : [];
  const receivers = labels.remediation === 'run' ? ['commandcenter', ...people] : ['operators'];
  return { name: `the route of ${alert}`, labels: { alertname: alert, ...labels }, receivers };
}

async function routingProblems(root: string, { name, labels, receivers }: RouteTest): Promise<string[]> {
  const complaints = await complaintsOf(
    'amtool',
    [
      ...['config', 'routes', 'test', `--config.file=${CONFIGURATION}`, `--verify.receivers=${receivers.join(',')}`],
      ...Object.entries(labels).map(([label, value]) => `${label}=${value}`),
    ],
    { cwd: root },
  );
  return complaints.map((complaint) => `${name}: ${complaint}`);
}

interface Configuration {
  readonly route: unknown;
  readonly inhibit_rules: unknown;
  readonly receivers: readonly { readonly webhook_configs?: readonly { http_config?: unknown }[] }[];
}

async function differences(root: string): Promise<string[]> {
  const [server, local] = await Promise.all(
    [CONFIGURATION, LOCAL].map((file) => readYaml<Configuration>(join(root, file))),
  );
  const [webhook] = server?.receivers.flatMap(({ webhook_configs = [] }) => webhook_configs) ?? [];
  const hasToken = webhook?.http_config !== undefined;
  if (webhook) delete webhook.http_config;
  return [
    ...(hasToken ? [] : ['alertmanager.yml sends no token']),
    ...(isDeepStrictEqual(server, local) ? [] : ['alertmanager.local.yml routes otherwise than alertmanager.yml']),
  ];
}

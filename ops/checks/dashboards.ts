import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../test/support/wait-for.ts';
import type { Check } from './check.ts';
import { doLiveRuns, repeatLiveRuns } from './live-runs.ts';
import { startLiveStack, type LiveStack } from './live-stack.ts';
import { readRules } from './prometheus.ts';

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly exemplar: boolean }[];
}

const FOLDER = join('ops', 'grafana', 'dashboards');
const TITLES = [
  'Agent Performance',
  'Alerts and remediation',
  'Queues and leases',
  'System Health',
  'Workflow Overview',
] as const;
/** Redis and the disk are told by exporters that are not here. */
const OF_EXPORTERS = /\b(?:redis|node)_/;
/** Exemplars are kept with the buckets of a histogram and nowhere else: recorded series have none. */
const OF_BUCKETS = /_bucket\b/;

export const dashboardChecks: readonly Check[] = [
  { name: 'Dashboards: the five, each with panels and an id of its own', run: formProblems },
  {
    name: 'Dashboards and rules: every expression gives data on a real run',
    needs: ['prometheus', 'prometheus-alertmanager'],
    run: withoutData,
  },
];

/** @returns the dashboards that Grafana is given */
export async function readDashboards(root: string): Promise<Dashboard[]> {
  const files = (await readdir(join(root, FOLDER))).sort();
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(root, FOLDER, file), 'utf8')) as Dashboard),
  );
}

async function formProblems(root: string): Promise<string[]> {
  const dashboards = await readDashboards(root);
  const titles = dashboards.map(({ title }) => title).sort();
  return [
    ...TITLES.filter((title) => !titles.includes(title)).map((title) => `there is no dashboard ${title}`),
    ...(new Set(dashboards.map(({ uid }) => uid)).size === dashboards.length ? [] : ['two dashboards share a uid']),
    ...dashboards.filter(({ panels }) => panels.length === 0).map(({ title }) => `${title} is empty`),
    ...dashboards.flatMap(({ title, panels }) =>
      panels.filter(asksInVain).map((panel) => `${title}, ${panel.title}: only buckets have exemplars`),
    ),
  ];
}

function asksInVain({ targets }: Panel): boolean {
  return targets.some(({ expr, exemplar }) => exemplar && !OF_BUCKETS.test(expr));
}

async function withoutData(root: string): Promise<string[]> {
  const stack = await startLiveStack(root);
  try {
    await doLiveRuns(stack);
    // Counters are born with their first event, so rates need a second one after a scrape.
    await waitFor(async () => (await stack.query('agent_retries_total > 0')).length > 0, {
      timeoutMs: 20_000,
      describe: 'the first scrape after the runs',
    });
    await repeatLiveRuns(stack);
    return await expressionsWithoutData(stack, root);
  } finally {
    await stack.stop();
  }
}

/** @returns a line for every expression of the dashboards and recording rules that this stack's Prometheus has no data for */
export async function expressionsWithoutData(stack: LiveStack, root: string): Promise<string[]> {
  const expressions = await allExpressions(root);
  const answers = await Promise.all(expressions.map((expression) => dataProblem(stack, expression)));
  return answers.filter((problem) => problem !== undefined);
}

/** @returns a line for every panel that shows exemplars and whose histogram has not one in this stack's Prometheus */
export async function panelsWithoutTraces(stack: LiveStack, root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const { title, panels } of await readDashboards(root)) {
    for (const { expr } of panels.flatMap(({ targets }) => targets.filter(({ exemplar }) => exemplar))) {
      if ((await stack.exemplars(expr)).length === 0) problems.push(`${title}: no trace behind ${expr}`);
    }
  }
  return problems;
}

async function allExpressions(root: string): Promise<{ where: string; text: string }[]> {
  const panels = (await readDashboards(root)).flatMap(({ title, panels: list }) =>
    list.flatMap((panel) => panel.targets.map(({ expr }) => ({ where: `${title}, ${panel.title}`, text: expr }))),
  );
  const records = (await readRules(root, 'recording')).map(({ record = '', expr }) => ({ where: record, text: expr }));
  return [...panels, ...records].filter(({ text }) => !OF_EXPORTERS.test(text));
}

/** Recorded series come with the next evaluation, so an empty answer is asked again for a while. */
async function dataProblem(
  stack: LiveStack,
  { where, text }: { where: string; text: string },
): Promise<string | undefined> {
  return waitFor(async () => (await stack.query(text)).length > 0, {
    timeoutMs: 15_000,
    intervalMs: 250,
    describe: text,
  }).then(
    () => undefined,
    (error: unknown) => `${where}: ${(error as Error).message}`,
  );
}

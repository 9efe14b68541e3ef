import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { complaintsOf } from './program.ts';
import { readYaml } from './yaml-file.ts';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const FOLDER = join('ops', 'prometheus');
const TESTS = join(FOLDER, 'tests', 'alerts.test.yml');
const RUNBOOKS = join('ops', 'runbooks');

export const prometheusChecks: readonly Check[] = [
  {
    name: 'Prometheus: configuration and rules',
    needs: ['promtool'],
    run: (root) => complaintsOf('promtool', ['check', 'config', join(FOLDER, 'prometheus.yml')], { cwd: root }),
  },
  {
    name: 'Prometheus: unit tests of the rules',
    needs: ['promtool'],
    async run(root) {
      const files = (await readdir(join(root, FOLDER, 'tests'))).map((file) => join(FOLDER, 'tests', file));
      return complaintsOf('promtool', ['test', 'rules', ...files], { cwd: root });
    },
  },
  { name: 'Prometheus: every alert is tested, both ways', run: untestedAlerts },
  { name: 'Runbooks: a page for every alert and no other', run: runbookProblems },
];

/** @returns the rules of one of the rule files, `alerts` or `recording` */
export async function readRules(root: string, file: 'alerts' | 'recording'): Promise<Rule[]> {
  const { groups } = await readYaml<{ groups: { rules: Rule[] }[] }>(join(root, FOLDER, 'rules', `${file}.yml`));
  return groups.flatMap(({ rules }) => rules);
}

interface RuleTest {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
}

async function untestedAlerts(root: string): Promise<string[]> {
  const { tests } = await readYaml<{ tests: RuleTest[] }>(join(root, TESTS));
  const cases = tests.flatMap((test) => test.alert_rule_test);
  const names = new Set((await readRules(root, 'alerts')).map(({ alert }) => alert));
  return [...names].flatMap((name) => {
    const own = cases.filter(({ alertname }) => alertname === name);
    const fires = own.some(({ exp_alerts }) => exp_alerts.length > 0);
    const stays = own.some(({ exp_alerts }) => exp_alerts.length === 0);
    return [
      ...(fires ? [] : [`no test in which ${name} fires`]),
      ...(stays ? [] : [`no test in which ${name} is silent`]),
    ];
  });
}

async function runbookProblems(root: string): Promise<string[]> {
  const rules = await readRules(root, 'alerts');
  const pages = new Set(await readdir(join(root, RUNBOOKS)));
  const expected = new Set(rules.map(({ alert }) => `${alert}.md`));
  return [
    ...rules
      .filter(({ alert, annotations }) => annotations?.runbook_url !== `ops/runbooks/${alert}.md`)
      .map(({ alert }) => `${alert} does not name its page`),
    ...rules
      .filter(({ labels }) => !labels?.severity || !/^(run|none)$/.test(labels.remediation ?? ''))
      .map(({ alert }) => `${alert} needs the labels severity and remediation`),
    ...[...expected].filter((page) => !pages.has(page)).map((page) => `there is no ${page}`),
    ...[...pages].filter((page) => !expected.has(page)).map((page) => `${page} belongs to no alert`),
  ];
}

// `npm run ops:check [-- NAME…]`: whether what operators run is what the service is. NAME chooses checks by their beginning.
import { fileURLToPath } from 'node:url';
import { findProgram } from '../test/support/program.ts';
import { alertmanagerChecks } from './checks/alertmanager.ts';
import { problemOf, type Check } from './checks/check.ts';
import { composeChecks } from './checks/compose.ts';
import { dashboardChecks } from './checks/dashboards.ts';
import { kubernetesChecks } from './checks/kubernetes.ts';
import { pipelineChecks } from './checks/pipeline.ts';
import { prometheusChecks } from './checks/prometheus.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHECKS: readonly Check[] = [
  ...composeChecks,
  ...prometheusChecks,
  ...alertmanagerChecks,
  ...pipelineChecks,
  ...kubernetesChecks,
  ...dashboardChecks,
];

type Outcome = 'ok' | 'failed' | 'skipped';

const chosen = process.argv.slice(2);
const outcomes: Outcome[] = [];
for (const check of CHECKS.filter(isChosen)) outcomes.push(await look(check));
const count = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length;
console.log(`${count('ok')} ok, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exitCode = count('failed') > 0 || outcomes.length === 0 ? 1 : 0;

function isChosen({ name }: Check): boolean {
  return chosen.length === 0 || chosen.some((start) => name.toLowerCase().startsWith(start.toLowerCase()));
}

async function look({ name, needs = [], run }: Check): Promise<Outcome> {
  const paths = await Promise.all(needs.map(findProgram));
  const missing = needs.filter((_, index) => paths[index] === undefined);
  if (missing.length > 0) {
    console.log(`skipped ${name}: ${missing.join(', ')} is not installed`);
    return 'skipped';
  }
  const problems = await run(ROOT).catch((error: unknown) => [problemOf(error)]);
  console.log(`${problems.length === 0 ? 'ok     ' : 'FAILED '} ${name}`);
  for (const problem of problems) console.log(problem.replace(/^/gm, '        '));
  return problems.length === 0 ? 'ok' : 'failed';
}

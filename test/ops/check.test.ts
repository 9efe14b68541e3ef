import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertmanagerChecks } from '../../ops/checks/alertmanager.ts';
import type { Check } from '../../ops/checks/check.ts';
import { composeChecks } from '../../ops/checks/compose.ts';
import { dashboardChecks } from '../../ops/checks/dashboards.ts';
import { kubernetesChecks } from '../../ops/checks/kubernetes.ts';
import { pipelineChecks } from '../../ops/checks/pipeline.ts';
import { prometheusChecks } from '../../ops/checks/prometheus.ts';
import { needsProgram } from '../support/program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHECKS = [
  ...[...composeChecks, ...prometheusChecks, ...alertmanagerChecks, ...pipelineChecks, ...kubernetesChecks],
  // The other one of the dashboards needs a live stack, and is run by runbook.test.ts on its own.
  ...dashboardChecks.filter(({ needs = [] }) => needs.length === 0),
];

/** What goes wrong, and the check that has to see it. */
const MISTAKES: readonly { check: string; file: string; from: string; to: string }[] = [
  {
    check: 'Prometheus: unit tests of the rules',
    file: 'ops/prometheus/rules/alerts.yml',
    from: 'max(outbox_lag_seconds) > 60',
    to: 'max(outbox_lag_seconds) > 600',
  },
  {
    check: 'AlertManager: where alerts go',
    file: 'ops/alertmanager/alertmanager.yml',
    from: 'remediation="none"',
    to: 'remediation="never"',
  },
  {
    check: 'Kubernetes: every object against its schema',
    file: 'ops/k8s/base/api.yaml',
    from: 'replicas: 2',
    to: "replicas: 'two'",
  },
  {
    check: 'Kubernetes: every file is part of its kustomization',
    file: 'ops/k8s/base/kustomization.yaml',
    from: '  - worker.yaml',
    to: '  - workers.yaml',
  },
  {
    check: 'Kubernetes: probes, limits, non-root, grace',
    file: 'ops/k8s/base/worker.yaml',
    from: "DRAIN_SECONDS, value: '300'",
    to: "DRAIN_SECONDS, value: '400'",
  },
  {
    check: "docker-compose.observability.yml: the compose specification's schema",
    file: 'docker-compose.observability.yml',
    from: 'stop_grace_period: 45s',
    to: 'stop_grace_period: soon',
  },
  {
    check: "docker-compose.yml: the compose specification's schema",
    file: 'docker-compose.yml',
    from: 'read_only: true',
    to: 'readonly: true',
  },
  {
    check: 'Dashboards: the five, each with panels and an id of its own',
    file: 'ops/grafana/dashboards/system-health.json',
    from: '"expr": "heap_size_bytes",\n          "legendFormat": "{{instance}}",\n          "exemplar": false',
    to: '"expr": "heap_size_bytes",\n          "legendFormat": "{{instance}}",\n          "exemplar": true',
  },
  {
    check: 'docker-compose.yml: images, ports, health, mounts',
    file: 'docker-compose.yml',
    from: '127.0.0.1:9002:9002',
    to: '9002:9002',
  },
  {
    check: 'Collector: pipelines use what is defined (by hand, no binary here)',
    file: 'ops/otel/collector.yml',
    from: 'exporters: [otlp/tempo]',
    to: 'exporters: [otlp/jaeger]',
  },
];

describe('ops:check', function () {
  for (const check of CHECKS) {
    it(`finds nothing wrong: ${check.name}`, async function () {
      for (const program of check.needs ?? []) await needsProgram(this, program);
      assert.deepEqual(await check.run(ROOT), []);
    });
  }

  for (const mistake of MISTAKES) {
    it(`sees a mistake in ${mistake.file}`, async function () {
      const check = CHECKS.find(({ name }) => name === mistake.check);
      assert.ok(check, mistake.check);
      for (const program of check.needs ?? []) await needsProgram(this, program);
      assert.notDeepEqual(await problemsWith(mistake, check), []);
    });
  }
});

async function problemsWith({ file, from, to }: (typeof MISTAKES)[number], check: Check): Promise<readonly string[]> {
  const copy = await mkdtemp(join(tmpdir(), 'cc-ops-check-'));
  try {
    await cp(join(ROOT, 'ops'), join(copy, 'ops'), { recursive: true });
    for (const name of ['docker-compose.yml', 'docker-compose.observability.yml'])
      await cp(join(ROOT, name), join(copy, name));
    const text = await readFile(join(copy, file), 'utf8');
    assert.ok(text.includes(from), `${file} has ${from}`);
    await writeFile(join(copy, file), text.replace(from, to));
    return await check.run(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

import type { Breach, Rule } from '../rule.ts';
import { readYaml, type YamlMap } from '../yaml-documents.ts';

const MANIFEST = /\.ya?ml$/;
const WORKLOADS = new Set(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob']);

export const kubernetesRules: readonly Rule[] = [
  perContainer('k8s-privileged', 'critical', 'Drop privileged', (container) =>
    container.get('securityContext', 'privileged') === true ? 'runs privileged' : undefined,
  ),
  perContainer(
    'k8s-privilege-escalation',
    'warning',
    'Set securityContext.allowPrivilegeEscalation: false',
    (container) =>
      container.get('securityContext', 'allowPrivilegeEscalation') === false ? undefined : 'may gain privileges',
  ),
  perContainer('k8s-runs-as-root', 'warning', 'Set securityContext.runAsNonRoot: true', (container, pod) =>
    container.get('securityContext', 'runAsNonRoot') === true || pod.get('securityContext', 'runAsNonRoot') === true
      ? undefined
      : 'may run as root',
  ),
  perContainer('k8s-no-limits', 'warning', 'Set resources.limits.memory', (container) =>
    container.get('resources', 'limits', 'memory') === undefined ? 'has no memory limit' : undefined,
  ),
  perContainer('k8s-image-unpinned', 'warning', 'Name an exact tag or digest', (container) => {
    const image = container.get('image');
    if (typeof image !== 'string' || image.includes('@sha256:')) return undefined;
    const tag = /:([^/:]+)$/.exec(image)?.[1];
    return tag === undefined || tag === 'latest' ? `uses ${image} without an exact tag` : undefined;
  }),
  perContainer('k8s-writable-root', 'info', 'Set securityContext.readOnlyRootFilesystem: true', (container) =>
    container.get('securityContext', 'readOnlyRootFilesystem') === true
      ? undefined
      : 'can write to its root file system',
  ),
  perPod('k8s-host-namespace', 'critical', 'Drop hostNetwork, hostPID and hostIPC', (pod) =>
    ['hostNetwork', 'hostPID', 'hostIPC']
      .filter((key) => pod.get(key) === true)
      .map((key) => ({ line: pod.line(key), what: `uses ${key}` })),
  ),
  perPod('k8s-host-path', 'warning', 'Use a volume claim', (pod) =>
    pod
      .children('volumes')
      .filter(({ map }) => map.get('hostPath') !== undefined)
      .map(({ map }) => ({ line: map.line('hostPath'), what: 'mounts a folder of the host' })),
  ),
];

interface Workload {
  readonly file: string;
  readonly name: string;
  readonly pod: YamlMap;
}

function perPod(
  id: string,
  severity: Rule['severity'],
  remediation: string,
  check: (pod: YamlMap) => { line: number; what: string }[],
): Rule {
  return {
    id,
    scope: 'kubernetes',
    severity,
    remediation,
    async check(project) {
      const workloads = (await readYaml(project, MANIFEST)).flatMap(({ file, map }) => toWorkload(file, map));
      return workloads.flatMap(({ file, name, pod }) =>
        check(pod).map(({ line, what }): Breach => ({ file, line, message: `${name} ${what}` })),
      );
    },
  };
}

function perContainer(
  id: string,
  severity: Rule['severity'],
  remediation: string,
  check: (container: YamlMap, pod: YamlMap) => string | undefined,
): Rule {
  return perPod(id, severity, remediation, (pod) =>
    [...pod.children('containers'), ...pod.children('initContainers')].flatMap(({ map: container }) => {
      const what = check(container, pod);
      return what === undefined
        ? []
        : [{ line: container.line(), what: `(container ${String(container.get('name'))}) ${what}` }];
    }),
  );
}

/** The pod inside a workload lies at a different depth for each kind. */
function toWorkload(file: string, map: YamlMap): Workload[] {
  const kind = map.get('kind');
  if (typeof kind !== 'string' || !WORKLOADS.has(kind) || map.get('apiVersion') === undefined) return [];
  const path =
    kind === 'Pod' ? [] : kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
  const pod = map.children(...path).find(({ key }) => key === 'spec')?.map;
  return pod === undefined ? [] : [{ file, name: `${kind} ${String(map.get('metadata', 'name'))}`, pod }];
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { problemOf, type Check } from './check.ts';
import { complaintsOf } from './program.ts';
import { readYaml, readYamlDocuments } from './yaml-file.ts';

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: { readonly runAsNonRoot?: boolean };
  readonly containers: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: { readonly limits?: object };
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean };
}

/** The API's own schemas, as the package kubernetes-models carries them. */
type Models = Readonly<Record<string, (new (data: object) => { validate(): void }) | undefined>>;

/** Those that our manifests use, by `apiVersion`. */
const MODELS: Readonly<Record<string, () => Promise<object>>> = {
  v1: () => import('kubernetes-models/v1'),
  'apps/v1': () => import('kubernetes-models/apps/v1'),
  'autoscaling/v2': () => import('kubernetes-models/autoscaling/v2'),
  'batch/v1': () => import('kubernetes-models/batch/v1'),
  'keda.sh/v1alpha1': () => import('@kubernetes-models/keda/keda.sh/v1alpha1'),
  'networking.k8s.io/v1': () => import('kubernetes-models/networking.k8s.io/v1'),
  'policy/v1': () => import('kubernetes-models/policy/v1'),
};

const FOLDER = join('ops', 'k8s');
const ROOTS = ['base', join('overlays', 'keda')] as const;
const KUSTOMIZATION = 'kustomization.yaml';
/** How long a drain takes at most where DRAIN_SECONDS says nothing else; the pod has to live longer. */
const DEFAULT_DRAIN_SECONDS = 30;

export const kubernetesChecks: readonly Check[] = [
  ...ROOTS.map((folder): Check => {
    const path = join(FOLDER, folder);
    return {
      name: `Kubernetes: ${path} builds`,
      needs: ['kubectl'],
      run: (root) => complaintsOf('kubectl', ['kustomize', path], { cwd: root }),
    };
  }),
  { name: 'Kubernetes: every file is part of its kustomization', run: strayFiles },
  { name: 'Kubernetes: every object against its schema', run: (root) => eachObject(root, schemaProblems) },
  {
    name: 'Kubernetes: probes, limits, non-root, grace',
    run: (root) => eachObject(root, (object) => Promise.resolve(podProblems(object))),
  },
];

/** What `kubectl kustomize` would not find, or would never apply. */
async function strayFiles(root: string): Promise<string[]> {
  const lists = ROOTS.map(async (folder) => {
    const path = join(root, FOLDER, folder);
    const { resources } = await readYaml<{ resources: string[] }>(join(path, KUSTOMIZATION));
    const named = resources.filter((resource) => resource.endsWith('.yaml'));
    const there = await manifestsIn(path);
    return [
      ...named.filter((file) => !there.includes(file)).map((file) => `${folder}: there is no ${file}`),
      ...there.filter((file) => !named.includes(file)).map((file) => `${folder}: ${file} is applied by nobody`),
    ];
  });
  return (await Promise.all(lists)).flat();
}

async function manifestsIn(path: string): Promise<string[]> {
  return (await readdir(path)).filter((file) => file.endsWith('.yaml') && file !== KUSTOMIZATION);
}

async function eachObject(
  root: string,
  problemsOf: (object: KubernetesObject) => Promise<readonly string[]>,
): Promise<string[]> {
  const lists = (await readObjects(root)).map(async (object) => {
    const problems = await problemsOf(object);
    return problems.map((problem) => `${object.kind} ${object.metadata.name}: ${problem}`);
  });
  return (await Promise.all(lists)).flat();
}

async function readObjects(root: string): Promise<KubernetesObject[]> {
  const lists = ROOTS.map(async (folder) => {
    const path = join(root, FOLDER, folder);
    const files = await manifestsIn(path);
    return (await Promise.all(files.map((file) => readYamlDocuments<KubernetesObject>(join(path, file))))).flat();
  });
  return (await Promise.all(lists)).flat();
}

async function schemaProblems(object: KubernetesObject): Promise<string[]> {
  const { apiVersion, kind } = object;
  const models = (await MODELS[apiVersion]?.()) as Models | undefined;
  const Model = models?.[kind];
  if (!Model) return [`${apiVersion} has no kind ${kind}`];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [problemOf(error)];
  }
}

function podProblems({ kind, spec }: KubernetesObject): string[] {
  const pod = spec?.template?.spec;
  if (!pod) return [];
  const serves = kind === 'Deployment';
  const grace = pod.terminationGracePeriodSeconds ?? 30;
  const drain = Math.max(...pod.containers.map(drainSeconds));
  return [
    ...(pod.securityContext?.runAsNonRoot === true ? [] : ['may run as root']),
    ...(serves && grace <= drain ? [`is killed after ${grace} s, a drain takes ${drain} s`] : []),
    ...pod.containers.flatMap((container) => containerProblems(container, serves)),
  ];
}

function drainSeconds({ env = [] }: Container): number {
  return Number(env.find(({ name }) => name === 'DRAIN_SECONDS')?.value ?? DEFAULT_DRAIN_SECONDS);
}

function containerProblems(container: Container, serves: boolean): string[] {
  const { name, resources, securityContext, readinessProbe, livenessProbe } = container;
  return [
    ...(resources?.limits ? [] : [`${name} has no limits`]),
    ...(securityContext?.readOnlyRootFilesystem === true ? [] : [`${name} can write its own files`]),
    ...(serves && !(readinessProbe && livenessProbe) ? [`${name} lacks a probe`] : []),
  ];
}

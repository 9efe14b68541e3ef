import { readFile } from 'node:fs/promises';
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  ServerConfiguration,
  createConfiguration,
} from '@kubernetes/client-node';
import { Unretryable, type AgentContext } from '../kit/index.ts';

/** The parts of the official client that the actions use. */
export interface Cluster {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly objects: KubernetesObjectApi;
}

/** No answer of an API server takes longer; those that watch are not used. */
const TIMEOUT_MS = 30_000;
/** How a pod reaches the API server of its own cluster, and where it finds its account. */
const OWN_SERVER = 'https://kubernetes.default.svc';
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * A client of the cluster that the secrets name: KUBECONFIG (a file), else KUBERNETES_URL with KUBERNETES_TOKEN and
 * KUBERNETES_CA, else the one that this process runs in. Throws Unretryable when there is none.
 */
export async function connect(context: AgentContext): Promise<Cluster> {
  const access = await findAccess(context);
  const server = access.getCurrentCluster()?.server;
  if (server === undefined) throw new Unretryable('The kubeconfig has no current context with a cluster');
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: access },
    promiseMiddleware: [
      {
        pre: (request) => {
          request.setSignal(AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT_MS)]));
          return Promise.resolve(request);
        },
        post: (response) => Promise.resolve(response),
      },
    ],
  });
  return {
    apps: new AppsV1Api(configuration),
    core: new CoreV1Api(configuration),
    objects: new KubernetesObjectApi(configuration),
  };
}

async function findAccess({ secret }: AgentContext): Promise<KubeConfig> {
  const file = secret('KUBECONFIG');
  if (file !== undefined) return fromFile(file);
  const url = secret('KUBERNETES_URL');
  if (url !== undefined) return fromParts(url, secret('KUBERNETES_TOKEN'), secret('KUBERNETES_CA'));
  return fromOwnPod();
}

function fromFile(file: string): KubeConfig {
  const access = new KubeConfig();
  try {
    access.loadFromFile(file);
  } catch (cause) {
    throw new Unretryable('The file that KUBECONFIG names cannot be read as a kubeconfig', { cause });
  }
  return access;
}

function fromParts(server: string, token: string | undefined, ca: string | undefined): KubeConfig {
  const access = new KubeConfig();
  access.loadFromClusterAndUser(
    {
      name: 'cluster',
      server,
      skipTLSVerify: false,
      ...(ca !== undefined && { caData: Buffer.from(ca).toString('base64') }),
    },
    { name: 'agent', ...(token !== undefined && { token }) },
  );
  return access;
}

async function fromOwnPod(): Promise<KubeConfig> {
  const read = (name: string) => readFile(`${ACCOUNT}/${name}`, 'utf8');
  const [token, ca] = await Promise.all([read('token'), read('ca.crt')]).catch(() => {
    throw new Unretryable('No cluster to ask: set the secret KUBECONFIG, or KUBERNETES_URL and KUBERNETES_TOKEN');
  });
  return fromParts(OWN_SERVER, token, ca);
}

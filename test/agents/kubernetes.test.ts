import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../../agents/kubernetes/schemas.ts';
import { makeCertificate } from './support/certificate.ts';
import { refusal, startFakeCluster, type FakeCluster } from './support/fake-cluster.ts';
import { agentPath, callAgent, outputOf } from './support/run-agent.ts';
import { inWorkspace } from './support/workspace.ts';

const agent = agentPath('kubernetes');
const TOKEN = 'eyJ-the-account-of-the-agent';
const CART = '/apis/apps/v1/namespaces/shop/deployments/cart';
const target = { namespace: 'shop', name: 'cart' };

interface State {
  readonly replicas?: number;
  readonly available?: number;
  readonly observedGeneration?: number;
  readonly restartedBy?: string;
}

function deployment({ replicas = 2, available = replicas, observedGeneration = 4, restartedBy }: State = {}) {
  const annotations = restartedBy === undefined ? {} : { 'commandcenter/restarted-by': restartedBy };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...target, generation: 4, managedFields: [{ manager: 'kubectl' }] },
    spec: { replicas, selector: {}, template: { metadata: { annotations }, spec: { containers: [] } } },
    status: { observedGeneration, replicas, updatedReplicas: available, availableReplicas: available },
  };
}

describe('The kubernetes agent', () => {
  let cluster: FakeCluster;
  let env: Record<string, string>;
  const calls = () => cluster.calls.map(({ call }) => call);

  before(async function () {
    this.timeout(300_000);
    await import('../../agents/kubernetes/act.ts'); // the client has a module for each kind of object
    const certificate = makeCertificate();
    if (certificate === undefined) return this.skip();
    cluster = await startFakeCluster(certificate);
    env = { KUBERNETES_URL: cluster.url, KUBERNETES_TOKEN: TOKEN, KUBERNETES_CA: certificate.cert };
  });
  after(() => cluster.close());

  it('restarts a deployment as kubectl does, with its own token', async () => {
    cluster.answers = { [`GET ${CART}`]: { body: deployment() }, [`PATCH ${CART}`]: { body: deployment() } };
    const input = { action: 'rollout-restart', ...target };
    const output = await outputOf<Output>(agent, input, { env: { ...env, IDEMPOTENCY_KEY: 'run.node' } });
    assert.deepEqual(output, {
      action: 'rollout-restart',
      changed: true,
      objects: [],
      logs: [],
      replicas: { before: 2, wanted: 2, available: 2 },
      rolledOut: null,
    });
    assert.deepEqual(calls(), [`GET ${CART}`, `PATCH ${CART}?fieldManager=commandcenter`]);
    const { authorization, contentType, body } = cluster.calls[1] ?? {};
    assert.equal(authorization, `Bearer ${TOKEN}`);
    assert.equal(contentType, 'application/strategic-merge-patch+json');
    const { annotations } = (body as ReturnType<typeof deployment>).spec.template.metadata as {
      annotations: Record<string, string>;
    };
    assert.deepEqual(Object.keys(annotations), ['kubectl.kubernetes.io/restartedAt', 'commandcenter/restarted-by']);
    assert.ok(Math.abs(Date.parse(annotations['kubectl.kubernetes.io/restartedAt'] ?? '') - Date.now()) < 60_000);
    assert.equal(annotations['commandcenter/restarted-by'], 'run.node');
  });

  it('does not restart again when its attempt is repeated', async () => {
    cluster.answers = { [`GET ${CART}`]: { body: deployment({ restartedBy: 'run.node' }) } };
    const input = { action: 'rollout-restart', ...target };
    const { changed } = await outputOf<Output>(agent, input, { env: { ...env, IDEMPOTENCY_KEY: 'run.node' } });
    assert.equal(changed, false);
    assert.deepEqual(calls(), [`GET ${CART}`]);
  });

  for (const [kind, plural] of [
    ['StatefulSet', 'statefulsets'],
    ['DaemonSet', 'daemonsets'],
  ] as const) {
    it(`restarts a ${kind}`, async () => {
      const path = `/apis/apps/v1/namespaces/shop/${plural}/cart`;
      cluster.answers = { [`GET ${path}`]: { body: deployment() }, [`PATCH ${path}`]: { body: deployment() } };
      await outputOf<Output>(agent, { action: 'rollout-restart', kind, ...target }, { env });
      assert.deepEqual(calls(), [`GET ${path}`, `PATCH ${path}?fieldManager=commandcenter`]);
    });
  }

  it('waits until the new pods are available', async () => {
    cluster.answers = {
      [`GET ${CART}`]: [
        { body: deployment() },
        { body: deployment({ observedGeneration: 3 }) },
        { body: deployment({ available: 1 }) },
        { body: deployment() },
      ],
      [`PATCH ${CART}`]: { body: deployment() },
    };
    const input = { action: 'rollout-restart', ...target, waitSeconds: 30 };
    const { exitCode, stdout, log } = await callAgent(agent, input, { env });
    assert.equal(exitCode, 0);
    assert.equal((JSON.parse(stdout) as Output).rolledOut, true);
    assert.deepEqual(
      log.flatMap(({ progress, msg }) => (progress === undefined ? [] : [[progress, msg]])),
      [
        [1, '2 of 2 pods are available'],
        [0.5, '1 of 2 pods are available'],
      ],
    );
  });

  it('fails when the new pods are not available in time', async () => {
    const body = deployment({ available: 1 });
    cluster.answers = { [`GET ${CART}`]: { body }, [`PATCH ${CART}`]: { body } };
    const result = await callAgent(agent, { action: 'rollout-restart', ...target, waitSeconds: 1 }, { env });
    assert.deepEqual(
      [result.exitCode, result.log.at(-1)?.['error']],
      [1, 'Deployment cart is not rolled out after 1 s: 1 of 2 pods are available'],
    );
  });

  it('scales through the subresource, and only when it has to', async () => {
    const scaled = { [`PATCH ${CART}/scale`]: { body: { spec: { replicas: 5 } } } };
    cluster.answers = { [`GET ${CART}`]: { body: deployment() }, ...scaled };
    const output = await outputOf<Output>(agent, { action: 'scale', ...target, replicas: 5 }, { env });
    assert.deepEqual([output.changed, output.replicas], [true, { before: 2, wanted: 5, available: 2 }]);
    assert.deepEqual(calls(), [`GET ${CART}`, `PATCH ${CART}/scale?fieldManager=commandcenter`]);
    assert.equal(cluster.calls[1]?.contentType, 'application/merge-patch+json');
    assert.deepEqual(cluster.calls[1].body, { spec: { replicas: 5 } });

    cluster.answers = { [`GET ${CART}`]: { body: deployment({ replicas: 5 }) }, ...scaled };
    assert.equal((await outputOf<Output>(agent, { action: 'scale', ...target, replicas: 5 }, { env })).changed, false);
    assert.deepEqual(calls(), [`GET ${CART}`]);
  });

  it('reads one object, without the bookkeeping', async () => {
    const resources = [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['get'] }];
    cluster.answers = {
      'GET /apis/apps/v1': { body: { kind: 'APIResourceList', groupVersion: 'apps/v1', resources } },
      [`GET ${CART}`]: { body: deployment() },
    };
    const { changed, objects } = await outputOf<Output>(
      agent,
      { action: 'get', kind: 'Deployment', ...target },
      { env },
    );
    assert.equal(changed, false);
    assert.deepEqual(
      objects.map(({ metadata }) => metadata),
      [{ ...target, generation: 4 }],
    );
    assert.deepEqual(calls(), ['GET /apis/apps/v1', `GET ${CART}`]);
  });

  it('lists the objects that a selector names', async () => {
    const resources = [{ name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] }];
    const pods = ['cart-1', 'cart-2'].map((name) => ({ metadata: { name }, status: { phase: 'Running' } }));
    cluster.answers = {
      'GET /api/v1': { body: { kind: 'APIResourceList', groupVersion: 'v1', resources } },
      'GET /api/v1/namespaces/shop/pods': { body: { kind: 'PodList', apiVersion: 'v1', items: pods } },
    };
    const input = { action: 'get', kind: 'Pod', namespace: 'shop', labelSelector: 'app=cart', limit: 10 };
    const { objects } = await outputOf<Output>(agent, input, { env });
    assert.deepEqual(
      objects.map(({ metadata }) => (metadata as { name: string }).name),
      ['cart-1', 'cart-2'],
    );
    assert.deepEqual(calls(), ['GET /api/v1', 'GET /api/v1/namespaces/shop/pods?labelSelector=app%3Dcart&limit=10']);
  });

  it('reads the logs of a pod, and of the pods that a selector names', async () => {
    const pods = '/api/v1/namespaces/shop/pods';
    cluster.answers = {
      [`GET ${pods}`]: { body: { items: [{ metadata: { name: 'cart-1' } }, { metadata: { name: 'cart-2' } }] } },
      [`GET ${pods}/cart-1/log`]: { body: 'one\n' },
      [`GET ${pods}/cart-2/log`]: { body: 'two\n' },
    };
    const more = { container: 'app', previous: true, tailLines: 5, sinceSeconds: 60 };
    const one = await outputOf<Output>(agent, { action: 'logs', namespace: 'shop', name: 'cart-1', ...more }, { env });
    assert.deepEqual(one.logs, [{ pod: 'cart-1', text: 'one\n' }]);
    assert.deepEqual(calls(), [
      `GET ${pods}/cart-1/log?container=app&limitBytes=262144&previous=true&sinceSeconds=60&tailLines=5`,
    ]);
    const input = { action: 'logs', namespace: 'shop', labelSelector: 'app=cart' };
    const all = await outputOf<Output>(agent, input, { env });
    assert.deepEqual(all.logs, [
      { pod: 'cart-1', text: 'one\n' },
      { pod: 'cart-2', text: 'two\n' },
    ]);
  });

  it('tells what the cluster refuses, for good or for now', async () => {
    const restart = { action: 'rollout-restart', ...target };
    for (const [code, exitCode] of [
      [403, 2],
      [404, 2],
      [409, 1],
      [503, 1],
    ] as const) {
      cluster.answers = { [`GET ${CART}`]: refusal(code, 'deployments.apps "cart" says no') };
      const result = await callAgent(agent, restart, { env });
      assert.deepEqual(
        [result.exitCode, result.log.at(-1)?.['error']],
        [exitCode, `The cluster answered ${String(code)}: deployments.apps "cart" says no`],
      );
    }
  });

  it('trusts no certificate but the one it was given, and names no address', async () => {
    const { KUBERNETES_CA: _, ...without } = env;
    const restart = { action: 'rollout-restart', ...target };
    const untrusted = await callAgent(agent, restart, { env: without });
    assert.equal(untrusted.exitCode, 1);
    assert.match(String(untrusted.log.at(-1)?.['error']), /^The cluster cannot be reached \(\w+\)$/);
    const nobody = await callAgent(agent, restart, { env: { ...env, KUBERNETES_URL: 'https://127.0.0.1:9' } });
    assert.equal(nobody.log.at(-1)?.['error'], 'The cluster cannot be reached (ECONNREFUSED)');
  });

  it('finds the cluster by a kubeconfig, and says what is missing without one', () =>
    inWorkspace({}, async (root) => {
      cluster.answers = { [`GET ${CART}`]: { body: deployment({ replicas: 3 }) } };
      const file = join(root, 'config');
      const kubeconfig = {
        'current-context': 'here',
        contexts: [{ name: 'here', context: { cluster: 'shop', user: 'me' } }],
        clusters: [
          {
            name: 'shop',
            cluster: {
              server: cluster.url,
              'certificate-authority-data': Buffer.from(env['KUBERNETES_CA'] ?? '').toString('base64'),
            },
          },
        ],
        users: [{ name: 'me', user: { token: 'of-the-file' } }],
      };
      await writeFile(file, JSON.stringify(kubeconfig));
      const scale = { action: 'scale', ...target, replicas: 3 };
      await outputOf<Output>(agent, scale, { env: { KUBECONFIG: file } });
      assert.equal(cluster.calls[0]?.authorization, 'Bearer of-the-file');
      const lost = await callAgent(agent, scale);
      assert.equal(lost.exitCode, 2);
      assert.match(String(lost.log.at(-1)?.['error']), /^No cluster to ask: set the secret KUBECONFIG/);
      const broken = await callAgent(agent, scale, { env: { KUBECONFIG: join(root, 'gone') } });
      assert.match(String(broken.log.at(-1)?.['error']), /cannot be read as a kubeconfig$/);
    }));

  it('takes no name that could lead elsewhere, and reads no secrets', async () => {
    for (const input of [
      { action: 'scale', name: '../../secrets', replicas: 1 },
      { action: 'get', kind: 'Secret', name: 'x' },
      { action: 'delete', name: 'cart' },
    ]) {
      assert.equal((await callAgent(agent, input, { env })).exitCode, 1);
    }
  });
});

const RUN = '0198f0a4-3b5e-7c1d-9a52-5a7d0c3e8f11';
const DEFINITION = {
  name: 'nightly-scan',
  description: 'Scans a repository each night, then tells',
  inputSchema: { type: 'object', properties: { repositoryPath: { type: 'string' } } },
  triggers: [{ type: 'schedule', cron: '0 3 * * *', timezone: 'UTC' }],
  nodes: [
    { id: 'scan', agent: 'security-scanner', input: { repositoryPath: '{{ input.repositoryPath }}' } },
    {
      id: 'notify',
      agent: 'notifier',
      dependsOn: ['scan'],
      input: { channel: 'console', message: '{{ scan.output.summary.total }} findings' },
    },
  ],
};
const AGENT = {
  name: 'disk-cleaner',
  version: '1.0.0',
  description: 'Deletes old files below a folder',
  riskLevel: 'APPROVAL_REQUIRED',
  image: 'disk-cleaner:1.0.0',
  inputSchema: { type: 'object', required: ['folder'], properties: { folder: { type: 'string' } } },
  outputSchema: { type: 'object', properties: { deleted: { type: 'integer' } } },
};
const ALERTS = {
  version: '4',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'DiskFull', severity: 'critical', instance: 'db-1' },
      annotations: { summary: 'The disk of db-1 is full' },
      startsAt: '2030-01-01T00:00:00Z',
    },
  ],
};

/** A body for each operation that takes one, as its guard accepts it (a test tries each). */
export const REQUEST_EXAMPLES: Readonly<Record<string, unknown>> = {
  login: { token: 'the-token-that-an-administrator-gave-you' },
  createWorkflow: DEFINITION,
  updateWorkflow: DEFINITION,
  validateWorkflow: DEFINITION,
  triggerWorkflow: { input: { repositoryPath: '/workspace/app' }, labels: { team: 'core' } },
  testWorkflow: {
    input: { repositoryPath: '/workspace/app' },
    outputs: { scan: { findings: [], summary: { total: 0 } } },
  },
  rollBackWorkflow: { version: 2 },
  retryRun: { from: 'failed' },
  sendSignal: { approvedBy: 'ada' },
  markNode: { status: 'SUCCESS', output: { findings: [], summary: { total: 0 } } },
  changeRuns: { action: 'retry', filter: { workflow: 'nightly-scan', status: 'FAILED' } },
  createAgent: AGENT,
  updateAgent: AGENT,
  decideApproval: { decision: 'APPROVED', notes: 'Looks right' },
  createApprovalLink: { for: 'Carol', expiresInSeconds: 86_400 },
  decideByLink: { decision: 'APPROVED', notes: 'Looks right' },
  receiveAlertmanagerWebhook: ALERTS,
  receiveGrafanaWebhook: ALERTS,
  receiveWorkflowWebhook: { ref: 'refs/heads/main' },
  backfillTrigger: { from: '2030-01-01T00:00:00Z', until: '2030-01-08T00:00:00Z', dryRun: true },
  backtestTriggers: { days: 7 },
  repairOpenNodes: { workflowRunId: RUN },
  putSecret: { value: 'the-password-of-the-mail-server', agents: ['notifier'] },
  putLimits: { maxOpenRuns: 500, maxWorkflows: null },
  createToken: { name: 'dashboard', scope: 'viewer', expiresAt: '2031-01-01T00:00:00Z' },
};

const WORKFLOW = '0198f0a4-1111-7c1d-9a52-5a7d0c3e8f22';
const ACCEPTED = { workflowRunId: RUN, workflowId: WORKFLOW, workflowName: 'nightly-scan', status: 'PENDING' };

/** What the most used operations answer, by status, as their schemas promise it (a test tries each). */
export const RESPONSE_EXAMPLES: Readonly<Record<string, Readonly<Record<number, unknown>>>> = {
  getHealth: { 200: { status: 'ok', timestamp: '2030-01-01T00:00:00.000Z' } },
  triggerWorkflow: { 202: ACCEPTED, 200: { ...ACCEPTED, status: 'RUNNING' } },
  retryRun: { 202: { ...ACCEPTED, workflowRunId: '0198f0a4-2222-7c1d-9a52-5a7d0c3e8f33', retryOf: RUN } },
  explainAgentRun: {
    200: { reason: 'dependency', message: 'Waits for node scan, which is RUNNING', nodeId: 'scan' },
  },
  receiveAlertmanagerWebhook: {
    202: {
      webhookId: '0198f0a4-3333-7c1d-9a52-5a7d0c3e8f44',
      received: 1,
      started: 1,
      workflowRunIds: [RUN],
      truncatedAlerts: 0,
      alerts: [
        {
          index: 0,
          fingerprint: '9f86d081884c7d65',
          status: 'firing',
          startsAt: '2030-01-01T00:00:00.000Z',
          labels: { alertname: 'DiskFull', severity: 'critical', instance: 'db-1' },
          decisions: [
            {
              workflowId: WORKFLOW,
              workflowName: 'disk-cleanup',
              triggerId: `${WORKFLOW}.alertmanager.0`,
              outcome: 'started',
              workflowRunId: RUN,
            },
          ],
        },
      ],
    },
  },
  listQueues: { 200: [{ name: 'agents', jobs: { waiting: 3, active: 10, delayed: 0 } }] },
  repairOpenNodes: {
    202: [
      {
        agentRunId: '0198f0a4-4444-7c1d-9a52-5a7d0c3e8f55',
        kind: 'no_job',
        repair: 'adds a job beside the flow',
      },
    ],
  },
};

export const PROBLEM_EXAMPLE = {
  type: 'about:blank',
  title: 'Invalid input',
  status: 400,
  detail: 'The definition has 1 problem',
  code: 'INVALID_INPUT',
  requestId: '7f1c2a',
  errors: [{ path: 'nodes[1].input.message', message: 'Cannot resolve dependency scan' }],
};

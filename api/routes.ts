import * as agents from './agents/routes.ts';
import { listAgentStatistics } from './agents/statistics-route.ts';
import * as approvalLinks from './approvals/link-routes.ts';
import * as approvals from './approvals/routes.ts';
import * as audit from './audit/routes.ts';
import * as doctor from './doctor/routes.ts';
import * as documentation from './documentation/routes.ts';
import * as health from './health/routes.ts';
import * as limits from './limits/routes.ts';
import * as metrics from './metrics/routes.ts';
import * as overview from './overview/routes.ts';
import type { Route } from './route.ts';
import { changeRuns } from './runs/bulk-route.ts';
import * as control from './runs/control-routes.ts';
import { markNode } from './runs/mark-route.ts';
import * as nodes from './runs/node-routes.ts';
import * as runs from './runs/routes.ts';
import { beginLogin, finishLogin } from './session/openid-routes.ts';
import * as secrets from './secrets/routes.ts';
import * as session from './session/routes.ts';
import * as tokens from './tokens/routes.ts';
import { backfillTrigger } from './triggers/backfill-route.ts';
import { backtestTriggers } from './triggers/backtest-route.ts';
import * as triggers from './triggers/routes.ts';
import { receiveWebhook } from './webhooks/generic-route.ts';
import * as webhooks from './webhooks/routes.ts';
import * as workers from './workers/routes.ts';
import { testWorkflow } from './workflows/test-route.ts';
import * as trigger from './workflows/trigger-routes.ts';
import * as workflows from './workflows/routes.ts';
import * as versions from './workflows/version-routes.ts';

/** Every route. Beside them are only Bull Board (queues/bull-board.ts) and the console's files (console/console.ts). */
export const routes: readonly Route[] = [
  health.getHealth,
  health.getDatabaseHealth,
  health.getRedisHealth,
  health.getNatsHealth,
  health.getReadiness,
  metrics.getMetrics,
  documentation.getOpenApi,
  documentation.getAsyncApi,
  documentation.getDocs,
  documentation.getDocsStart,
  documentation.getDocsScript,

  session.getSession,
  session.login,
  session.logout,
  beginLogin,
  finishLogin,

  workflows.listWorkflows,
  workflows.createWorkflow,
  trigger.validateWorkflow,
  trigger.getDefinitionSchema,
  workflows.getWorkflow,
  workflows.updateWorkflow,
  workflows.deleteWorkflow,
  workflows.pauseWorkflow,
  workflows.resumeWorkflow,
  trigger.triggerWorkflow,
  testWorkflow,
  versions.listVersions,
  versions.getVersion,
  versions.diffVersions,
  versions.rollBack,

  runs.listAllRuns,
  runs.listWorkflowRuns,
  runs.getRun,
  runs.streamRunEvents,
  nodes.listAgentRuns,
  nodes.getLogs,
  nodes.explainNode,
  control.cancelRun,
  control.pauseRun,
  control.resumeRun,
  control.retryRun,
  control.sendSignal,
  markNode,
  changeRuns,

  agents.listAgents,
  agents.createAgent,
  agents.getAgent,
  agents.updateAgent,
  agents.deleteAgent,
  agents.pauseAgent,
  agents.resumeAgent,
  listAgentStatistics,

  approvals.listApprovals,
  approvals.getApproval,
  approvals.decideApproval,
  approvalLinks.createApprovalLink,
  approvalLinks.openApprovalLink,
  approvalLinks.decideByLink,

  webhooks.receiveAlertmanager,
  webhooks.receiveGrafana,
  webhooks.listWebhooks,
  receiveWebhook,

  triggers.listTriggers,
  triggers.listTriggerDecisions,
  backfillTrigger,
  backtestTriggers,
  triggers.listAlerts,
  triggers.getAlertStatistics,
  triggers.listLocks,

  overview.getOverview,
  workers.listWorkers,
  workers.drainWorker,
  workers.resumeWorker,
  overview.listQueues,
  doctor.examineOpenNodes,
  doctor.repairOpenNodes,

  limits.listLimits,
  limits.getLimits,
  limits.putLimits,

  tokens.listTokens,
  tokens.createToken,
  tokens.rotateToken,
  tokens.revokeToken,
  secrets.listSecrets,
  secrets.putSecret,
  secrets.deleteSecret,
  secrets.resealSecrets,
  audit.listAudit,
];

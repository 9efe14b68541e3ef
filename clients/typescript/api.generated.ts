// Made by test/clients/support/api-types.ts from the routes: do not edit.
export interface paths {
  '/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the process serves */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/db': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether Postgres answers */
    get: operations['getDatabaseHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/redis': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the queue’s server answers: Redis, or the tables in Postgres that stand in for it */
    get: operations['getRedisHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/nats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether NATS answers */
    get: operations['getNatsHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether requests should come here, with the state of each part
     * @description Taking requests needs Postgres with its migrations, and nothing else: runs that come while Redis, NATS or the executor are away wait and lose nothing, so those make the service `degraded` (200), not `unavailable` (503).
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Metrics for Prometheus */
    get: operations['getMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** This document */
    get: operations['getOpenApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/asyncapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The events that leave by themselves, and the webhooks that come in */
    get: operations['getAsyncApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A page to read and try this API, offline */
    get: operations['getDocs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/start.js': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What starts the page */
    get: operations['getDocsStart'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/scalar.js': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The script of the page */
    get: operations['getDocsScript'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is calling, and with which scope */
    get: operations['getSession'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Exchange a token for a session cookie
     * @description For browsers. The cookie is http-only and same-site, and stands for the token: it ends with it. A form gets a redirect, JSON gets 204.
     */
    post: operations['login'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/logout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End the session of this browser
     * @description A person of the OpenID Connect provider is still logged in there: `logoutUrl` is where the browser ends that, too.
     */
    post: operations['logout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/login/oidc': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Log in at the OpenID Connect provider
     * @description For browsers, where OIDC_ISSUER is set: authorization code with PKCE. Comes back to a session of this service.
     */
    get: operations['beginLogin'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/login/oidc/callback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The way back from the OpenID Connect provider */
    get: operations['finishLogin'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All workflows */
    get: operations['listWorkflows'];
    put?: never;
    /** Store a workflow */
    post: operations['createWorkflow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Check a definition and store nothing
     * @description The checks of creation, every problem at once.
     */
    post: operations['validateWorkflow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schemas/workflow.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The JSON Schema of a definition, for editors */
    get: operations['getDefinitionSchema'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A workflow with its current definition */
    get: operations['getWorkflow'];
    /**
     * Change a workflow: store its next version
     * @description Runs under way keep the version they started with. Fields that only we set (id, version, times) are ignored.
     */
    put: operations['updateWorkflow'];
    post?: never;
    /**
     * Delete a workflow
     * @description Its runs stay, with their snapshot of the definition.
     */
    delete: operations['deleteWorkflow'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Pause a workflow: new runs are refused, by hand and by triggers */
    post: operations['pauseWorkflow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Resume a paused workflow */
    post: operations['resumeWorkflow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/trigger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start a run
     * @description The body is optional. With an `Idempotency-Key` the same request within 24 hours is answered with the same run: 200 with the same body (as parsed, whatever the order of its fields), 409 with another. With `?wait=30` the answer comes with the run, when it has ended or the seconds are over, whichever is first.
     */
    post: operations['triggerWorkflow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Walk a workflow without running anything
     * @description Resolves conditions, expressions and templates; starts no agent, waits for nobody and stores nothing. Give the outputs of nodes that later ones read.
     */
    post: operations['testWorkflow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The versions of a workflow */
    get: operations['listWorkflowVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/versions/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A version of a workflow */
    get: operations['getWorkflowVersion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/versions/{version}/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a version changed */
    get: operations['diffWorkflowVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make an earlier version the current one, as a new version */
    post: operations['rollBackWorkflow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The runs of all workflows, with search */
    get: operations['listRuns'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The runs of a workflow */
    get: operations['listWorkflowRuns'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A run with its nodes
     * @description With `?wait=30` the answer comes when the run has ended or the seconds are over, whichever is first.
     */
    get: operations['getRun'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The events of a run, as they happen
     * @description Server-sent events. `id` is the sequence of the event in the run, `event` its type, `data` `{runId, sequence, type, time, data}`. With `Last-Event-ID` the stream goes on behind that event, without a gap. It ends after the event that ends the run; asked again behind that one, the answer is 204, so that browsers stop asking.
     */
    get: operations['streamRunEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/agent-runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The nodes of a run, in the order of the definition
     * @description One row per node from the creation of the run on; the instances of a forEach node follow it, in order.
     */
    get: operations['listAgentRuns'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/agent-runs/{agentRunId}/logs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What an agent wrote to stderr
     * @description Line by line with time and attempt, oldest first; each attempt is kept up to 1 MiB, and says so where it was cut. With `?follow=1` the lines come as server-sent events (`id` is `<attempt>.<line>`) until the node has ended; `Last-Event-ID` resumes.
     */
    get: operations['getLogs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/agent-runs/{agentRunId}/why': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Why a node does not run
     * @description The one reason that holds it back now, the first that applies; or that it runs, or has ended.
     */
    get: operations['explainAgentRun'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a run
     * @description Waits up to 5 s for what is under way to stop, and tells what was stopped, how, and how long it took.
     */
    post: operations['cancelRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pause a run
     * @description Attempts under way finish, nothing new starts.
     */
    post: operations['pauseRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Resume a paused run */
    post: operations['resumeRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run a run again, as a new one
     * @description From what failed (the default), from the start, or the given nodes with all that follow them. Results that succeeded are taken over, say from which run they came, and are not computed again.
     */
    post: operations['retryRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/signals/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a signal to a run
     * @description The body, any JSON, becomes the output of the node that waits for it. A signal that comes early is kept.
     */
    post: operations['sendSignal'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs/{runId}/nodes/{nodeId}/mark': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Skip an open node, or give it an output
     * @description What runs for it is stopped. On a run that has ended, retry it instead.
     */
    post: operations['markNode'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/bulk': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel or retry all runs that a filter finds
     * @description At most 200 at once, newest first; `more` says that the filter found more: repeat the request.
     */
    post: operations['changeRuns'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The registered agents */
    get: operations['listAgents'];
    put?: never;
    /**
     * Register an agent
     * @description Agents in AGENTS_DIR register themselves; this is for those that exist as an image only.
     */
    post: operations['createAgent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An agent */
    get: operations['getAgent'];
    /** Change an agent */
    put: operations['updateAgent'];
    post?: never;
    /** Unregister an agent */
    delete: operations['deleteAgent'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Pause an agent: its nodes wait */
    post: operations['pauseAgent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Resume a paused agent */
    post: operations['resumeAgent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agent-statistics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How often agents succeed, and how long they take
     * @description Of the newest 300 nodes of each agent in the last days. One without an ended node among them is not in the list.
     */
    get: operations['listAgentStatistics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What waits for a person, or did */
    get: operations['listApprovals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An approval */
    get: operations['getApproval'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/{id}/decision': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Approve or reject
     * @description REJECTED fails the node and the run. A second decision is refused.
     */
    post: operations['decideApproval'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/{id}/links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a link by which one person decides without a login
     * @description For callers who may decide it themselves. Whoever has the link may decide, once, until it expires or the approval is decided; opening it shows the approval and decides nothing. The decision says whom the link was made for. Needs APPROVAL_LINK_KEY.
     */
    post: operations['createApprovalLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/decide/{link}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The page of a link: what is to be decided
     * @description Decides nothing, however often it is opened.
     */
    get: operations['openApprovalLink'];
    put?: never;
    /**
     * Approve or reject by a link
     * @description What the page of the link sends. A link counts once.
     */
    post: operations['decideByLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/webhooks/alertmanager': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * AlertManager’s webhook
     * @description Version 4 of its body, or the bare `{"alerts": [{"labels": {…}}]}`. Each alert starts the workflows whose matchers ask for it, each once per (fingerprint, startsAt, status); one that nobody asks for starts the built-in `alert-notification`. Never limited in rate: AlertManager gives up on 429.
     */
    post: operations['receiveAlertmanagerWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/webhooks/grafana': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Grafana unified alerting’s webhook */
    post: operations['receiveGrafanaWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The webhooks that came, and what became of them */
    get: operations['listWebhooks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/webhooks/workflows/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start a workflow that has a `webhook` trigger
     * @description The body, any JSON, is `input.body` of the run, or what the trigger’s `mapping` makes of it. An `Idempotency-Key` (or `X-GitHub-Delivery`) starts one run. A trigger with a `secret` asks for `X-Hub-Signature-256` as GitHub signs, or for the secret itself.
     */
    post: operations['receiveWorkflowWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/triggers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What starts runs besides people, with its next times and its last decision */
    get: operations['listTriggers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/triggers/{id}/decisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What came for a trigger, and what it started or why not */
    get: operations['listTriggerDecisions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/triggers/{id}/backfill': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start the runs of a schedule for a range of times
     * @description A due time that has started a run, by the clock or by a backfill, starts no other one.
     */
    post: operations['backfillTrigger'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/triggers/backtest': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replay the kept webhooks against a workflow or a draft of it
     * @description Nothing is started or stored. Budgets and pauses are left out.
     */
    post: operations['backtestTriggers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/alerts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The alerts that came, as they stand */
    get: operations['listAlerts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/alert-statistics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How often a workflow fixed the alerts that started it, and how fast */
    get: operations['getAlertStatistics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/locks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Which node holds which target */
    get: operations['listLocks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/overview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The service at a glance */
    get: operations['getOverview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The workers of the last hour */
    get: operations['listWorkers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workers/{id}/drain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a worker end what it has and take nothing new
     * @description It goes on running, idle, until it is stopped or resumed; `drainedAt` says when nothing is left.
     */
    post: operations['drainWorker'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workers/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Let a worker that drains, or has drained, work again */
    post: operations['resumeWorker'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/queues': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The queues with their jobs by state */
    get: operations['listQueues'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/doctor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Open nodes, as Postgres, the queues and the workers see them
     * @description Those without progress for longest come first. The reconciler repairs all of it by itself, every second.
     */
    get: operations['examineOpenNodes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/doctor/repair': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Repair what disagrees
     * @description Of one run, or of all. A repair of what was in order after all changes nothing.
     */
    post: operations['repairOpenNodes'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/limits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What projects have, and how much they may have
     * @description By name, the first 1,000 projects.
     */
    get: operations['listLimits'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/limits/{projectId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a project has, and how much it may have
     * @description Also of a project that has nothing yet: what would hold for it.
     */
    get: operations['getLimits'];
    /**
     * Give a project limits of its own
     * @description 0 is no limit; null, or a field that is left out, the default of the environment (PROJECT_MAX_OPEN_RUNS, PROJECT_MAX_WORKFLOWS). What there is already stays. Holds at once here, within a second on other replicas.
     */
    put: operations['putLimits'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The tokens made at run time
     * @description Without their secrets, and without those of AUTH_TOKENS. All of them: there are few.
     */
    get: operations['listTokens'];
    put?: never;
    /**
     * Make a token
     * @description With the first token every route but /health* asks for one; so the first must be an admin’s.
     */
    post: operations['createToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tokens/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a token a new secret
     * @description The old one ends at once, and the sessions made with it.
     */
    post: operations['rotateToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tokens/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a token
     * @description At once here, within two seconds on other replicas. It stays in the list, and its name stays taken.
     */
    delete: operations['revokeToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/secrets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The stored secrets of agents, by name
     * @description Never what they hold, and without those of the environment and of SECRETS_DIR. All of them: there are few.
     */
    get: operations['listSecrets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/secrets/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Store a secret, or give it another value
     * @description Sealed with the first key of SECRETS_KEYS. Only the named agents are given it, as a variable of that name.
     */
    put: operations['putSecret'];
    post?: never;
    /** Delete a stored secret */
    delete: operations['deleteSecret'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/secrets/reseal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Seal all stored secrets with the first key of SECRETS_KEYS
     * @description After a new key was put first. All or none; then the old key can be taken out of SECRETS_KEYS.
     */
    post: operations['resealSecrets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who changed what
     * @description Append-only. Following the Link header exports it whole. Who started a run stands in the run, not here.
     */
    get: operations['listAuditEntries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * @description RFC 9457
     * @example {
     *       "type": "about:blank",
     *       "title": "Invalid input",
     *       "status": 400,
     *       "detail": "The definition has 1 problem",
     *       "code": "INVALID_INPUT",
     *       "requestId": "7f1c2a",
     *       "errors": [
     *         {
     *           "path": "nodes[1].input.message",
     *           "message": "Cannot resolve dependency scan"
     *         }
     *       ]
     *     }
     */
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @enum {string} */
      code:
        | 'INVALID_INPUT'
        | 'INVALID_DEFINITION'
        | 'UNAUTHENTICATED'
        | 'FORBIDDEN'
        | 'NOT_FOUND'
        | 'METHOD_NOT_ALLOWED'
        | 'CONFLICT'
        | 'PRECONDITION_FAILED'
        | 'PAYLOAD_TOO_LARGE'
        | 'UNSUPPORTED_MEDIA_TYPE'
        | 'RATE_LIMITED'
        | 'DATABASE_UNAVAILABLE'
        | 'UNAVAILABLE'
        | 'INTERNAL'
        | 'AGENT_FAILED'
        | 'AGENT_REFUSED'
        | 'AGENT_KILLED'
        | 'AGENT_OUT_OF_MEMORY'
        | 'AGENT_NO_OUTPUT'
        | 'AGENT_INVALID_OUTPUT'
        | 'AGENT_OUTPUT_MISMATCH'
        | 'AGENT_OUTPUT_TOO_LARGE'
        | 'AGENT_NOT_FOUND'
        | 'TIMEOUT'
        | 'QUEUE_TIMEOUT'
        | 'TOTAL_TIMEOUT'
        | 'WORKER_LOST'
        | 'EXECUTOR_UNAVAILABLE'
        | 'TEMPLATE_ERROR'
        | 'EXPRESSION_ERROR'
        | 'NODE_INPUT_INVALID'
        | 'SKIPPED_BY_RULE'
        | 'SKIPPED_BY_CONDITION'
        | 'SKIPPED_BY_OPERATOR'
        | 'NODE_FAILED'
        | 'ITEMS_FAILED'
        | 'SUB_WORKFLOW_FAILED'
        | 'REJECTED'
        | 'APPROVAL_TIMEOUT'
        | 'CANCELLED'
        | 'MANUAL';
      requestId: string;
      errors?: {
        path: string;
        message: string;
      }[];
    };
    Health: {
      /** @constant */
      status: 'ok';
      /** Format: date-time */
      timestamp: string;
    };
    Disconnected: {
      /** @constant */
      status: 'disconnected';
      error: string;
    };
    Readiness: {
      /** @enum {string} */
      status: 'ready' | 'degraded' | 'unavailable';
      /** Format: date-time */
      timestamp: string;
      parts: {
        database: {
          /** @enum {string} */
          status: 'ok' | 'failed' | 'off';
          error?: string;
        };
        migrations: {
          /** @enum {string} */
          status: 'ok' | 'failed' | 'off';
          error?: string;
        };
        redis: {
          /** @enum {string} */
          status: 'ok' | 'failed' | 'off';
          error?: string;
        };
        nats: {
          /** @enum {string} */
          status: 'ok' | 'failed' | 'off';
          error?: string;
        };
        executor: {
          /** @enum {string} */
          status: 'ok' | 'failed' | 'off';
          error?: string;
        };
      };
    };
    Session: {
      name: string;
      /** @enum {string} */
      scope: 'viewer' | 'operator' | 'approver' | 'webhook' | 'metrics' | 'admin';
      /** @enum {string} */
      via: 'token' | 'session' | 'loopback' | 'anonymous';
    };
    Workflow: {
      /** Format: uuid */
      id: string;
      name: string;
      projectId: string;
      /** @enum {string} */
      status: 'ACTIVE' | 'DRAFT' | 'ARCHIVED';
      version: number;
      nodes: ({
        id: string;
      } & {
        [key: string]: unknown;
      })[];
      edges: {
        from: string;
        to: string;
      }[];
      pausedAt: string | null;
      pausedBy: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    } & {
      [key: string]: unknown;
    };
    WorkflowDefinition: {
      name: string;
      /** @default default */
      projectId: string;
      description?: string;
      /**
       * @default ACTIVE
       * @enum {string}
       */
      status: 'ACTIVE' | 'DRAFT' | 'ARCHIVED';
      inputSchema?: {
        [key: string]: unknown;
      };
      triggers?: (
        | {
            /** @constant */
            type: 'schedule';
            /** @default true */
            enabled: boolean;
            cron: string;
            /** @default UTC */
            timezone: string;
            /**
             * @default skip
             * @enum {string}
             */
            overlap: 'skip' | 'queue' | 'cancel_running' | 'all';
            /** @default 0 */
            catchUpSeconds: number;
            /** @default 0 */
            jitterSeconds: number;
            input?: {
              [key: string]: unknown;
            };
          }
        | {
            /** @constant */
            type: 'alertmanager';
            /** @default true */
            enabled: boolean;
            /** @default [] */
            matchers: string[];
            /**
             * @default [
             *       "firing"
             *     ]
             */
            on: ('firing' | 'resolved')[] | ('firing' | 'resolved' | 'both');
            /** @default 0 */
            cooldownSeconds: number;
            groupBy?: string[];
            groupWindowSeconds?: number;
            groupThreshold?: number;
            /** @enum {string} */
            resolvedWhen?: 'all' | 'first';
            mapping?: {
              [key: string]: unknown;
            };
            silence?: boolean;
          }
        | {
            /** @constant */
            type: 'grafana';
            /** @default true */
            enabled: boolean;
            /** @default [] */
            matchers: string[];
            /**
             * @default [
             *       "firing"
             *     ]
             */
            on: ('firing' | 'resolved')[] | ('firing' | 'resolved' | 'both');
            /** @default 0 */
            cooldownSeconds: number;
            groupBy?: string[];
            groupWindowSeconds?: number;
            groupThreshold?: number;
            /** @enum {string} */
            resolvedWhen?: 'all' | 'first';
            mapping?: {
              [key: string]: unknown;
            };
          }
        | {
            /** @constant */
            type: 'nats';
            /** @default true */
            enabled: boolean;
            subject: string;
            mapping?: {
              [key: string]: unknown;
            };
          }
        | {
            /** @constant */
            type: 'webhook';
            /** @default true */
            enabled: boolean;
            secret?: string;
            /** @enum {string} */
            scheme?: 'hmac-sha256' | 'bearer';
            replayWindowSeconds?: number;
            mapping?: {
              [key: string]: unknown;
            };
          }
        | {
            /** @constant */
            type: 'workflow';
            /** @default true */
            enabled: boolean;
            workflow: string;
            /**
             * @default [
             *       "SUCCESS"
             *     ]
             */
            on: ('SUCCESS' | 'FAILED' | 'CANCELLED')[];
            mapping?: {
              [key: string]: unknown;
            };
          }
      )[];
      maxConcurrentRuns?: number;
      concurrency?: {
        key: string;
        /** @default 1 */
        limit: number;
        /**
         * @default queue
         * @enum {string}
         */
        strategy: 'queue' | 'cancel_running' | 'drop_new';
      };
      timeoutSeconds?: number;
      nodes: ({
        id: string;
        /** @enum {string} */
        kind?: 'agent' | 'workflow' | 'transform' | 'wait' | 'signal' | 'awaitResolved';
        agent?: string;
        workflow?: string;
        transform?: string;
        wait?:
          | {
              seconds: number | string;
            }
          | {
              until: string;
            };
        signal?: {
          name: string;
        };
        awaitResolved?: {
          timeoutSeconds: number;
        };
        input?: {
          [key: string]: unknown;
        };
        dependsOn?: string[];
        /**
         * @default all_success
         * @enum {string}
         */
        runIf: 'all_success' | 'none_failed' | 'one_success' | 'one_failed' | 'all_done';
        when?: string;
        /** @default false */
        allowFailure: boolean;
        /** @default false */
        finally: boolean;
        /** @default {} */
        retry: {
          /** @default 1 */
          attempts: number;
          /** @default {} */
          backoff: {
            /**
             * @default exponential
             * @enum {string}
             */
            type: 'fixed' | 'linear' | 'exponential';
            /** @default 1000 */
            delayMs: number;
            /** @default 600000 */
            maxDelayMs: number;
            /** @default 0 */
            jitter: number;
          };
          /**
           * @default [
           *       "agent",
           *       "infrastructure",
           *       "timeout"
           *     ]
           */
          on: ('agent' | 'infrastructure' | 'timeout')[];
        };
        timeoutSeconds?: number;
        queueTimeoutSeconds?: number;
        totalTimeoutSeconds?: number;
        approval?:
          | boolean
          | {
              roles?: string[];
              timeoutSeconds?: number;
              /**
               * @default reject
               * @enum {string}
               */
              onTimeout: 'reject' | 'approve';
              schema?: {
                [key: string]: unknown;
              };
              message?: string;
              announce?: string;
            };
        forEach?: string;
        maxParallel?: number;
        priority?: number;
        pool?: string;
        cache?: {
          ttlSeconds: number;
        };
        locks?: {
          key: string;
          /**
           * @default exclusive
           * @enum {string}
           */
          mode: 'shared' | 'exclusive';
        }[];
        /**
         * @default continue
         * @enum {string}
         */
        ifResolved: 'continue' | 'stop';
        secrets?: string[];
      } & (unknown | unknown | unknown | unknown | unknown | unknown))[];
      /** @default [] */
      edges: {
        from: string;
        to: string;
      }[];
      onFailure?: string;
      output?: {
        [key: string]: unknown;
      };
      labels?: {
        [key: string]: string;
      };
      budget?: {
        runs: number;
        windowSeconds: number;
        per?: string[];
      };
      maintenance?: (
        | {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            until: string;
            /** @default [] */
            matchers: string[];
          }
        | {
            cron: string;
            /** @default UTC */
            timezone: string;
            durationSeconds: number;
            /** @default [] */
            matchers: string[];
          }
      )[];
    };
    StartedRun: {
      /** Format: uuid */
      workflowRunId: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED';
      /** Format: uuid */
      retryOf?: string;
      /** @description With `wait`: what `GET` of it answers */
      run?: components['schemas']['WorkflowRun'];
    };
    WorkflowRun: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      workflowVersion: number;
      projectId: string;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED';
      trigger: {
        type: string;
      } & {
        [key: string]: unknown;
      };
      input: unknown;
      output: unknown;
      error: {
        code: string;
        message: string;
        nodeId: string | null;
      } | null;
      labels: {
        [key: string]: unknown;
      };
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
      /** Format: date-time */
      updatedAt: string;
      durationMs: number | null;
      deadlineAt: string | null;
      retryOf: string | null;
      parentRunId: string | null;
      cancelRequestedAt: string | null;
      cancelRequestedBy: string | null;
      pausedAt: string | null;
      pausedBy: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
      /** @description Of the trace that the run is part of, where one is recorded */
      traceId: string | null;
      /** @description Where to look at it, when TRACE_URL is set */
      traceUrl: string | null;
      agentRuns: components['schemas']['AgentRun'][];
    };
    AgentRun: {
      /** Format: uuid */
      id: string;
      nodeId: string;
      /** @description Which instance of a forEach node; null for the node itself */
      itemIndex: number | null;
      /** @enum {string} */
      kind: 'agent' | 'workflow' | 'transform' | 'wait' | 'signal' | 'awaitResolved';
      agent: {
        id: string | null;
        name: string;
        version: string | null;
        riskLevel: string | null;
      } | null;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED' | 'SKIPPED';
      attempt: number;
      input: unknown;
      output: unknown;
      item: unknown;
      error: {
        code: string;
        message: string;
      } | null;
      exitCode: number | null;
      workerId: string | null;
      waitingFor: string | null;
      waitingUntil: string | null;
      /** @description The lock on a target that it waits for */
      waitingLock: {
        key: string;
        /** @enum {string} */
        mode: 'shared' | 'exclusive';
        /** Format: date-time */
        since: string;
        /** @description Who has held it longest; null when it has just been given back */
        heldBy: {
          /** Format: uuid */
          workflowRunId: string;
          workflowName: string;
          nodeId: string;
          /** Format: date-time */
          since: string;
        } | null;
      } | null;
      progress: unknown;
      approval: unknown;
      childRunId: string | null;
      /** @description The run whose result was taken over, by a retry or from the cache */
      copiedFromRunId: string | null;
      readyAt: string | null;
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
      durationMs: number | null;
      attempts: components['schemas']['Attempt'][];
    };
    Attempt: {
      attempt: number;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED' | 'SKIPPED';
      error: {
        code: string;
        message: string;
      } | null;
      exitCode: number | null;
      workerId: string | null;
      startedAt: string | null;
      finishedAt: string | null;
      durationMs: number | null;
      retryAt: string | null;
    };
    WorkflowVersion: {
      version: number;
      createdBy: string | null;
      /** Format: date-time */
      createdAt: string;
      definition: {
        [key: string]: unknown;
      };
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    WorkflowDiff: {
      from: number;
      to: number;
      changes: {
        /** @enum {string} */
        op: 'add' | 'remove' | 'replace';
        /** @description JSON Pointer; nodes are named by their id */
        path: string;
        from?: unknown;
        to?: unknown;
      }[];
    };
    WorkflowRunSummary: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      workflowVersion: number;
      projectId: string;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED';
      trigger: {
        type: string;
      } & {
        [key: string]: unknown;
      };
      input: unknown;
      output: unknown;
      error: {
        code: string;
        message: string;
        nodeId: string | null;
      } | null;
      labels: {
        [key: string]: unknown;
      };
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
      /** Format: date-time */
      updatedAt: string;
      durationMs: number | null;
      deadlineAt: string | null;
      retryOf: string | null;
      parentRunId: string | null;
      cancelRequestedAt: string | null;
      cancelRequestedBy: string | null;
      pausedAt: string | null;
      pausedBy: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    LogLine: {
      attempt: number;
      line: number;
      /** Format: date-time */
      at: string;
      text: string;
    };
    BlockingReason: {
      /** @enum {string} */
      reason:
        | 'settled'
        | 'running'
        | 'cancelling'
        | 'dependency'
        | 'concurrency'
        | 'limit'
        | 'no_worker'
        | 'paused'
        | 'backoff'
        | 'approval'
        | 'timer'
        | 'signal'
        | 'sub_workflow'
        | 'items'
        | 'resolved'
        | 'lock'
        | 'queue'
        | 'redis_away';
      message: string;
      /** Format: date-time */
      since?: string;
      /** Format: date-time */
      until?: string;
      /** @description The dependency that has not ended, or the node that holds the lock */
      nodeId?: string;
      /**
       * Format: uuid
       * @description The run that holds the place or the lock, or the sub-workflow’s
       */
      runId?: string;
      /** Format: uuid */
      approvalId?: string;
      workerId?: string;
      pool?: string;
      /** @description Of the concurrency limit, the limit, the lock or the signal */
      key?: string;
    };
    CancelReceipt: {
      /** Format: uuid */
      workflowRunId: string;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED';
      stopped: {
        nodeId: string;
        itemIndex: number | null;
        /** @enum {string} */
        how: 'not started' | 'stopped' | 'stopping';
        ms: number;
      }[];
      /** @description Runs of sub-workflows that were cancelled with it */
      children: string[];
      ms: number;
    };
    RunState: {
      /** Format: uuid */
      workflowRunId: string;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED';
    };
    AcceptedRun: {
      /** Format: uuid */
      workflowRunId: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      /** @enum {string} */
      status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED';
      /** Format: uuid */
      retryOf?: string;
    };
    Agent: {
      /** Format: uuid */
      id: string;
      name: string;
      version: string;
      description: string | null;
      /** @enum {string} */
      riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
      inputSchema: {
        [key: string]: unknown;
      };
      outputSchema: {
        [key: string]: unknown;
      };
      image: string | null;
      manifest: {
        [key: string]: unknown;
      };
      /**
       * @description An agent of a folder is registered anew at each start
       * @enum {string}
       */
      source: 'folder' | 'api';
      maxConcurrent: number | null;
      pausedAt: string | null;
      pausedBy: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    AgentFields: {
      name: string;
      /** @default 0.0.0 */
      version: string;
      description?: string | null;
      /**
       * @default AUTO
       * @enum {string}
       */
      riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
      /** @default {} */
      inputSchema: {
        [key: string]: unknown;
      };
      /** @default {} */
      outputSchema: {
        [key: string]: unknown;
      };
      image?: string | null;
      /**
       * @description What package.json says under `commandcenter`: network, workspace, secrets, pool, …
       * @default {}
       */
      manifest: {
        [key: string]: unknown;
      };
      /** @description How many of its runs at once, over all workflows */
      maxConcurrent?: number | null;
    };
    AgentStatistics: {
      /** @description Its name; it may have been unregistered since */
      agent: string;
      /** @description Nodes that ended in SUCCESS or FAILED */
      runs: number;
      succeeded: number;
      failed: number;
      successRate: number;
      /** @description Attempts beyond the first */
      retries: number;
      /** @description Of those that succeeded: half of them were faster */
      medianMs: number | null;
      /** @description Of those that succeeded: 95 % of them were faster */
      p95Ms: number | null;
      /** Format: date-time */
      lastEndedAt: string;
    };
    Approval: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      workflowRunId: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      /** Format: uuid */
      agentRunId: string;
      nodeId: string;
      /** @enum {string} */
      status: 'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED';
      message: string | null;
      /** @description What the node would run with */
      input: unknown;
      /** @description Who may decide: scopes, and names of tokens (`name:alice`); anybody with the scope approver where empty */
      roles: string[];
      answerSchema: unknown;
      answer: unknown;
      /** @enum {string} */
      onTimeout: 'reject' | 'approve';
      /** Format: date-time */
      requestedAt: string;
      expiresAt: string | null;
      decidedAt: string | null;
      respondedBy: string | null;
      notes: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    ApprovalLink: {
      /** Format: uuid */
      id: string;
      /** Format: uri */
      url: string;
      for: string;
      /** Format: date-time */
      expiresAt: string;
    };
    AlertReceipt: {
      /** Format: uuid */
      webhookId: string;
      received: number;
      started: number;
      workflowRunIds: string[];
      /** @description How many alerts the sender left out of this message */
      truncatedAlerts: number;
      alerts: components['schemas']['AlertResult'][];
    };
    AlertResult: {
      /** @description Its place in the list that was sent */
      index: number;
      fingerprint?: string;
      /** @enum {string} */
      status?: 'firing' | 'resolved';
      /** Format: date-time */
      startsAt?: string;
      labels?: {
        [key: string]: string;
      };
      decisions: {
        /** Format: uuid */
        workflowId: string;
        workflowName: string;
        /** @description As `GET /api/triggers` names it */
        triggerId: string;
        /** @enum {string} */
        outcome:
          | 'started'
          | 'duplicate'
          | 'cooldown'
          | 'maintenance'
          | 'status'
          | 'disabled'
          | 'grouped'
          | 'declined'
          | 'rejected';
        /**
         * Format: uuid
         * @description The run that was started, or the one that the alert had started before
         */
        workflowRunId?: string;
        message?: string;
        /** Format: date-time */
        until?: string;
      }[];
      /** @description What was wrong with it */
      errors?: {
        path: string;
        message: string;
      }[];
    };
    Webhook: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: 'alertmanager' | 'grafana' | 'workflow';
      sender: string | null;
      /** Format: date-time */
      receivedAt: string;
      /** @description Null when it could not be handled to the end: its sender was told to send it again */
      handledAt: string | null;
      alerts: (components['schemas']['AlertResult'] | unknown)[];
      /** @description As it was sent */
      body: string;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    Trigger: {
      /** @description `<workflowId>.<type>.<n>` */
      id: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      /**
       * @description As in the definition; `onFailure` is a workflow’s own, `unclaimed` gets the alerts that nobody asks for
       * @enum {string}
       */
      type: 'schedule' | 'alertmanager' | 'grafana' | 'nats' | 'webhook' | 'workflow' | 'onFailure' | 'unclaimed';
      /** @description Enabled, of an active workflow that is not paused */
      active: boolean;
      settings: {
        [key: string]: unknown;
      };
      /** @description The next ten times of a schedule, without jitter */
      nextTimes: string[];
      lastDecision: {
        /** Format: date-time */
        at: string;
        outcome: string;
        message: string | null;
        workflowRunId: string | null;
      } | null;
    };
    TriggerDecision: {
      /** Format: uuid */
      id: string;
      /** Format: date-time */
      at: string;
      triggerId: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      triggerType: string;
      /** @description `started`, or why not: `duplicate`, `cooldown`, `maintenance`, `overlap`, `missed`, `dead_letter`, … */
      outcome: string;
      message: string | null;
      workflowRunId: string | null;
      until: string | null;
      /** @description What came */
      subject: unknown;
      webhookId: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    BackfilledTime: {
      /** Format: date-time */
      dueAt: string;
      workflowRunId: string | null;
      /** @enum {string} */
      outcome: 'started' | 'duplicate' | 'planned' | 'declined';
      message?: string;
    };
    Backtest: {
      webhooks: number;
      alerts: number;
      wouldStart: number;
      /** @description Starts while the run before would still have been going */
      overlapping: number;
      /** @description Alerts that would have waited in a group for others of their kind */
      grouped: number;
      /** @description Alerts that it asks for and would not have started, by reason */
      declined: {
        [key: string]: number;
      };
      /** @description How long a run was taken to last */
      runSeconds: number;
      starts: {
        /** Format: date-time */
        at: string;
        /**
         * Format: uuid
         * @description It brought the alert, or the first of its group
         */
        webhookId: string;
        fingerprint: string;
        status: string;
        /** @description Of the alert, or those that its group shares */
        labels: {
          [key: string]: string;
        };
        /** @description 1, or how many the group had */
        alerts: number;
        overlaps: boolean;
      }[];
    };
    Alert: {
      /** Format: uuid */
      id: string;
      fingerprint: string;
      source: string;
      /** @enum {string} */
      status: 'firing' | 'resolved';
      labels: {
        [key: string]: string;
      };
      annotations: {
        [key: string]: string;
      };
      /** Format: date-time */
      startsAt: string;
      endsAt: string | null;
      generatorURL: string | null;
      receiver: string | null;
      /** Format: date-time */
      firstReceivedAt: string;
      /** Format: date-time */
      lastReceivedAt: string;
      /** @description How often it was sent */
      received: number;
      resolvedAt: string | null;
      /** @description `webhook`, or `alertmanager` where it was asked */
      resolvedBy: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
      /** @description It began five times or more within the last hour */
      flapping: boolean;
    };
    AlertStatistics: {
      runs: number;
      ended: number;
      /** @description The run succeeded, and its alert was resolved after it had begun to act */
      fixed: number;
      fixRate: number | null;
      resolvedBeforeActed: number;
      medianSecondsToResolve: number | null;
    };
    TargetLock: {
      key: string;
      /** @enum {string} */
      mode: 'shared' | 'exclusive';
      /** Format: uuid */
      workflowRunId: string;
      /** Format: uuid */
      workflowId: string;
      workflowName: string;
      nodeId: string;
      /** Format: uuid */
      agentRunId: string;
      workerId: string;
      /** Format: date-time */
      acquiredAt: string;
    };
    Overview: {
      /** @description Open runs by status */
      activeRuns: {
        [key: string]: number;
      };
      pendingApprovals: number;
      /** @description Workflows with failed runs in the last day, most failures first */
      failing: {
        /** Format: uuid */
        workflowId: string;
        workflowName: string;
        failed: number;
        /** Format: uuid */
        lastRunId: string;
      }[];
      /** @description How long the node that waits longest for a worker has waited */
      oldestReadySeconds: number;
      /** @description Workers alive */
      workers: number;
      outbox: {
        pending: number;
        lagSeconds: number;
      };
    };
    Worker: {
      id: string;
      host: string;
      pid: number;
      roles: string[];
      pools: string[];
      concurrency: number;
      version: string | null;
      /** Format: date-time */
      startedAt: string;
      /** Format: date-time */
      heartbeatAt: string;
      alive: boolean;
      /** @description Nodes that it holds */
      running: number;
      /** @description Since when it is asked to take nothing new */
      drainRequestedAt: string | null;
      /** @description When it had ended all that it had */
      drainedAt: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    Queue: {
      name: string;
      jobs: {
        [key: string]: number;
      };
    };
    OpenNode: {
      /** Format: uuid */
      workflowRunId: string;
      workflowName: string;
      /** Format: uuid */
      agentRunId: string;
      nodeId: string;
      itemIndex: number | null;
      database: {
        /** @enum {string} */
        status: 'PENDING' | 'RUNNING' | 'WAITING_APPROVAL' | 'PAUSED' | 'SUCCESS' | 'FAILED' | 'CANCELLED' | 'SKIPPED';
        attempt: number;
        /** @description A worker should have taken it by now */
        ready: boolean;
        waitingFor: string | null;
        openDependencies: number;
        /** Format: date-time */
        updatedAt: string;
      };
      /**
       * @description live: a worker will look at it; held: it waits for children or its gate
       * @enum {string}
       */
      job: 'live' | 'held' | 'missing';
      worker: {
        id: string;
        alive: boolean;
        leaseUntil: string | null;
      } | null;
      disagreement: {
        /** @enum {string} */
        kind: 'no_job' | 'gate_shut' | 'lease_expired' | 'worker_silent' | 'miscounted';
        message: string;
        /** @description What POST /api/doctor/repair does about it */
        repair: string;
      } | null;
    };
    DoctorRepair: {
      /** Format: uuid */
      agentRunId: string;
      kind: string;
      repair: string;
    };
    ProjectLimits: {
      projectId: string;
      /** @description Runs that have not ended, those of triggers included */
      openRuns: number;
      /** @description What holds; null: no limit */
      maxOpenRuns: number | null;
      workflows: number;
      /** @description What holds; null: no limit */
      maxWorkflows: number | null;
      /** @description The project’s own limits: 0 is none, null the default of the environment */
      own: {
        maxOpenRuns: number | null;
        maxWorkflows: number | null;
      };
      updatedBy: string | null;
      updatedAt: string | null;
    };
    Token: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @enum {string} */
      scope: 'viewer' | 'operator' | 'approver' | 'webhook' | 'metrics' | 'admin';
      /** @description How the token begins */
      hint: string;
      createdBy: string | null;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      rotatedAt: string | null;
      lastUsedAt: string | null;
      revokedAt: string | null;
      revokedBy: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
    FreshToken: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @enum {string} */
      scope: 'viewer' | 'operator' | 'approver' | 'webhook' | 'metrics' | 'admin';
      /** @description How the token begins */
      hint: string;
      createdBy: string | null;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      rotatedAt: string | null;
      lastUsedAt: string | null;
      revokedAt: string | null;
      revokedBy: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
      /** @description Shown this once: we keep its hash only */
      token: string;
    };
    Secret: {
      name: string;
      /** @description Who is given it */
      agents: string[];
      /** @description The key of SECRETS_KEYS that it is sealed with */
      keyId: string;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    AuditEntry: {
      id: number;
      /** Format: date-time */
      at: string;
      actor: string;
      scope: string;
      /** @description The operation’s name in this document */
      action: string;
      target: string | null;
      before: unknown;
      after: unknown;
      address: string | null;
      requestId: string | null;
      /** @description Only where the stored row is malformed: the columns that could not be read, shown empty, and why */
      unreadable?: string[];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It does */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "timestamp": "2030-01-01T00:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['Health'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDatabaseHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The server answers */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'connected';
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It does not, or not within 2 s */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Disconnected'];
        };
      };
    };
  };
  getRedisHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The server answers */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'connected';
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It does not, or not within 2 s */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Disconnected'];
        };
      };
    };
  };
  getNatsHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The server answers */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'connected';
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It does not, or not within 2 s */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Disconnected'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Ready, or degraded */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
    };
  };
  getMetrics: {
    parameters: {
      query?: never;
      header?: {
        /** @description With `application/openmetrics-text` first: OpenMetrics 1.0, which has exemplars */
        Accept?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Prometheus text format */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOpenApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OpenAPI 3.1 */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAsyncApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description AsyncAPI 3.0 */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocsStart: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description JavaScript */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/javascript': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocsScript: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description JavaScript */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/javascript': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The caller */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  login: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "token": "the-token-that-an-administrator-gave-you"
         *     }
         */
        'application/json': {
          token: string;
          /** @default / */
          next?: string;
        };
      };
    };
    responses: {
      /** @description Logged in */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Logged in, from a form */
      303: {
        headers: {
          /** @description Where the form wanted to go */
          Location?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The token is not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The form is a page of another site */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many refused logins from this address */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  logout: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Logged out here, and not yet at the provider */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** Format: uri */
            logoutUrl: string;
          };
        };
      };
      /** @description Logged out */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request comes from a page of another site */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many refusals from this address */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  beginLogin: {
    parameters: {
      query?: {
        next?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description On to the provider */
      303: {
        headers: {
          /** @description The provider */
          Location?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No provider is configured */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The provider does not answer */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  finishLogin: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Logged in: a page that leads on */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The login did not succeed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The provider knows the person, who has no scope here */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No provider is configured */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The provider does not answer */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWorkflows: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        status?: 'ACTIVE' | 'DRAFT' | 'ARCHIVED';
        projectId?: string;
        /** @description Part of the name or the description */
        q?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Workflows, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workflow'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createWorkflow: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "nightly-scan",
         *       "description": "Scans a repository each night, then tells",
         *       "inputSchema": {
         *         "type": "object",
         *         "properties": {
         *           "repositoryPath": {
         *             "type": "string"
         *           }
         *         }
         *       },
         *       "triggers": [
         *         {
         *           "type": "schedule",
         *           "cron": "0 3 * * *",
         *           "timezone": "UTC"
         *         }
         *       ],
         *       "nodes": [
         *         {
         *           "id": "scan",
         *           "agent": "security-scanner",
         *           "input": {
         *             "repositoryPath": "{{ input.repositoryPath }}"
         *           }
         *         },
         *         {
         *           "id": "notify",
         *           "agent": "notifier",
         *           "dependsOn": [
         *             "scan"
         *           ],
         *           "input": {
         *             "channel": "console",
         *             "message": "{{ scan.output.summary.total }} findings"
         *           }
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['WorkflowDefinition'];
      };
    };
    responses: {
      /** @description The workflow */
      201: {
        headers: {
          /** @description The version, for If-Match */
          ETag?: string;
          /** @description The workflow */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workflow'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The project has a workflow of this name, or as many as it may have */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  validateWorkflow: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "nightly-scan",
         *       "description": "Scans a repository each night, then tells",
         *       "inputSchema": {
         *         "type": "object",
         *         "properties": {
         *           "repositoryPath": {
         *             "type": "string"
         *           }
         *         }
         *       },
         *       "triggers": [
         *         {
         *           "type": "schedule",
         *           "cron": "0 3 * * *",
         *           "timezone": "UTC"
         *         }
         *       ],
         *       "nodes": [
         *         {
         *           "id": "scan",
         *           "agent": "security-scanner",
         *           "input": {
         *             "repositoryPath": "{{ input.repositoryPath }}"
         *           }
         *         },
         *         {
         *           "id": "notify",
         *           "agent": "notifier",
         *           "dependsOn": [
         *             "scan"
         *           ],
         *           "input": {
         *             "channel": "console",
         *             "message": "{{ scan.output.summary.total }} findings"
         *           }
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['WorkflowDefinition'];
      };
    };
    responses: {
      /** @description It can be stored; `nodes` and `edges` are as they would be */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            valid: true;
            nodes: number;
            edges: number;
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDefinitionSchema: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description JSON Schema, draft 2020-12 */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/schema+json': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWorkflow: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag of an answer before */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The workflow */
      200: {
        headers: {
          /** @description The version, for If-Match */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workflow'];
        };
      };
      /** @description It is at the version of If-None-Match still */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateWorkflow: {
    parameters: {
      query?: never;
      header?: {
        /** @description The ETag that the change was made from; another version since is answered 412 */
        'If-Match'?: string;
      };
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "nightly-scan",
         *       "description": "Scans a repository each night, then tells",
         *       "inputSchema": {
         *         "type": "object",
         *         "properties": {
         *           "repositoryPath": {
         *             "type": "string"
         *           }
         *         }
         *       },
         *       "triggers": [
         *         {
         *           "type": "schedule",
         *           "cron": "0 3 * * *",
         *           "timezone": "UTC"
         *         }
         *       ],
         *       "nodes": [
         *         {
         *           "id": "scan",
         *           "agent": "security-scanner",
         *           "input": {
         *             "repositoryPath": "{{ input.repositoryPath }}"
         *           }
         *         },
         *         {
         *           "id": "notify",
         *           "agent": "notifier",
         *           "dependsOn": [
         *             "scan"
         *           ],
         *           "input": {
         *             "channel": "console",
         *             "message": "{{ scan.output.summary.total }} findings"
         *           }
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['WorkflowDefinition'];
      };
    };
    responses: {
      /** @description The workflow */
      200: {
        headers: {
          /** @description The version, for If-Match */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workflow'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The project has another workflow of this name */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The workflow is at another version than If-Match says */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteWorkflow: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Runs are open */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseWorkflow: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description The workflow */
      200: {
        headers: {
          /** @description The version, for If-Match */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workflow'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is so already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeWorkflow: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description The workflow */
      200: {
        headers: {
          /** @description The version, for If-Match */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workflow'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is so already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  triggerWorkflow: {
    parameters: {
      query?: {
        /** @description Seconds to wait for the end of the run */
        wait?: number;
        /** @description Default: the current one */
        version?: number;
      };
      header?: {
        /** @description Up to 255 printable characters that name this request */
        'Idempotency-Key'?: string;
        /** @description W3C trace context */
        traceparent?: string;
      };
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "input": {
         *         "repositoryPath": "/workspace/app"
         *       },
         *       "labels": {
         *         "team": "core"
         *       }
         *     }
         */
        'application/json': {
          input?: {
            [key: string]: unknown;
          };
          /** @description Another name of `input`; may be JSON in a string */
          contextJson?:
            | {
                [key: string]: unknown;
              }
            | string;
          labels?: {
            [key: string]: string;
          };
        };
      };
    };
    responses: {
      /** @description The key has started this run before */
      200: {
        headers: {
          /** @description The run */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "workflowRunId": "0198f0a4-3b5e-7c1d-9a52-5a7d0c3e8f11",
           *       "workflowId": "0198f0a4-1111-7c1d-9a52-5a7d0c3e8f22",
           *       "workflowName": "nightly-scan",
           *       "status": "RUNNING"
           *     }
           */
          'application/json': components['schemas']['StartedRun'];
        };
      };
      /** @description The run is stored */
      202: {
        headers: {
          /** @description The run */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "workflowRunId": "0198f0a4-3b5e-7c1d-9a52-5a7d0c3e8f11",
           *       "workflowId": "0198f0a4-1111-7c1d-9a52-5a7d0c3e8f22",
           *       "workflowName": "nightly-scan",
           *       "status": "PENDING"
           *     }
           */
          'application/json': components['schemas']['StartedRun'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The workflow is a draft, archived or paused; or the key was used with another body */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  testWorkflow: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "input": {
         *         "repositoryPath": "/workspace/app"
         *       },
         *       "outputs": {
         *         "scan": {
         *           "findings": [],
         *           "summary": {
         *             "total": 0
         *           }
         *         }
         *       }
         *     }
         */
        'application/json': {
          /** @default {} */
          input?: {
            [key: string]: unknown;
          };
          /**
           * @description Node id → output
           * @default {}
           */
          outputs?: {
            [key: string]: unknown;
          };
        };
      };
    };
    responses: {
      /** @description What each node would do */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            nodes: {
              nodeId: string;
              /** @enum {string} */
              outcome: 'SUPPLIED' | 'WOULD_RUN' | 'WOULD_WAIT' | 'COMPUTED' | 'SKIPPED' | 'FAILED';
              reason?: string;
              input?: unknown;
              items?: number;
              output?: unknown;
            }[];
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWorkflowVersions: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: number;
      };
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Versions, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowVersion'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWorkflowVersion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        version: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The version */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowVersion'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  diffWorkflowVersions: {
    parameters: {
      query?: {
        /** @description The version to compare with; default: the one before */
        from?: number;
      };
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        version: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The differences */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowDiff'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rollBackWorkflow: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "version": 2
         *     }
         */
        'application/json': {
          version: number;
        };
      };
    };
    responses: {
      /** @description The workflow */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Workflow'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRuns: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        /** @description One status, or several with commas between */
        status?: string;
        trigger?: 'api' | 'schedule' | 'alertmanager' | 'grafana' | 'nats' | 'webhook' | 'workflow' | 'retry';
        /** @description `name=value` or `name`; may be given several times, all must hold */
        label?: string | string[];
        /** @description Created at or after */
        from?: string;
        /** @description Created before */
        to?: string;
        /** @description The beginning of the id, or part of the workflow’s name, a label or the error (these two in the newest 10,000 runs that have any) */
        q?: string;
        /** @description Id or name */
        workflow?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Runs, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowRunSummary'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWorkflowRuns: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        /** @description One status, or several with commas between */
        status?: string;
        trigger?: 'api' | 'schedule' | 'alertmanager' | 'grafana' | 'nats' | 'webhook' | 'workflow' | 'retry';
        /** @description `name=value` or `name`; may be given several times, all must hold */
        label?: string | string[];
        /** @description Created at or after */
        from?: string;
        /** @description Created before */
        to?: string;
        /** @description The beginning of the id, or part of the workflow’s name, a label or the error (these two in the newest 10,000 runs that have any) */
        q?: string;
      };
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Runs, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowRunSummary'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRun: {
    parameters: {
      query?: {
        /** @description Seconds to wait for the end of the run */
        wait?: number;
      };
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowRun'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamRunEvents: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `id` of the last event that was received */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description The run has ended and there are no events behind the one given */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAgentRuns: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All nodes */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AgentRun'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLogs: {
    parameters: {
      query?: {
        attempt?: number;
        follow?: '0' | '1' | 'true' | 'false';
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description The `id` of the last line that was received, when following */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
        agentRunId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The lines, or their stream */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LogLine'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainAgentRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
        agentRunId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The reason */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "reason": "dependency",
           *       "message": "Waits for node scan, which is RUNNING",
           *       "nodeId": "scan"
           *     }
           */
          'application/json': components['schemas']['BlockingReason'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description The receipt */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CancelReceipt'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The run has ended already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Paused */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunState'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is paused, ended or ending already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Resumed */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunState'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is not paused */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "from": "failed"
         *     }
         */
        'application/json':
          | {
              /**
               * @default failed
               * @enum {string}
               */
              from?: 'failed' | 'start';
              input?: unknown;
            }
          | {
              nodes: string[];
              input?: unknown;
            };
      };
    };
    responses: {
      /** @description The new run */
      202: {
        headers: {
          /** @description The new run */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "workflowRunId": "0198f0a4-2222-7c1d-9a52-5a7d0c3e8f33",
           *       "workflowId": "0198f0a4-1111-7c1d-9a52-5a7d0c3e8f22",
           *       "workflowName": "nightly-scan",
           *       "status": "PENDING",
           *       "retryOf": "0198f0a4-3b5e-7c1d-9a52-5a7d0c3e8f11"
           *     }
           */
          'application/json': components['schemas']['AcceptedRun'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The run has not ended, or there is nothing to retry */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendSignal: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "approvedBy": "ada"
         *     }
         */
        'application/json': unknown;
      };
    };
    responses: {
      /** @description Taken; `delivered` says whether a node was waiting for it */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** Format: uuid */
            workflowRunId: string;
            name: string;
            delivered: boolean;
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The run has ended already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  markNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
        runId: string;
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "status": "SUCCESS",
         *       "output": {
         *         "findings": [],
         *         "summary": {
         *           "total": 0
         *         }
         *       }
         *     }
         */
        'application/json':
          | {
              /** @constant */
              status: 'SKIPPED';
              itemIndex?: number;
            }
          | {
              /** @constant */
              status: 'SUCCESS';
              /** @description What later nodes read as its output */
              output: unknown;
              itemIndex?: number;
            };
      };
    };
    responses: {
      /** @description The node is settled */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** Format: uuid */
            workflowRunId: string;
            nodeId: string;
            /** @enum {string} */
            status: 'SKIPPED' | 'SUCCESS';
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The node is settled already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeRuns: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "action": "retry",
         *       "filter": {
         *         "workflow": "nightly-scan",
         *         "status": "FAILED"
         *       }
         *     }
         */
        'application/json': {
          /** @enum {string} */
          action: 'cancel' | 'retry';
          /** @description As the query of GET /api/runs */
          filter: {
            /** @description One status, or several with commas between */
            status?: string;
            /** @enum {string} */
            trigger?: 'api' | 'schedule' | 'alertmanager' | 'grafana' | 'nats' | 'webhook' | 'workflow' | 'retry';
            /** @description `name=value` or `name`; may be given several times, all must hold */
            label?: string | string[];
            /**
             * Format: date-time
             * @description Created at or after
             */
            from?: string;
            /**
             * Format: date-time
             * @description Created before
             */
            to?: string;
            /** @description The beginning of the id, or part of the workflow’s name, a label or the error (these two in the newest 10,000 runs that have any) */
            q?: string;
            /** @description Id or name */
            workflow?: string;
          };
        };
      };
    };
    responses: {
      /** @description What became of each */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            runs: {
              /** Format: uuid */
              workflowRunId: string;
              done: boolean;
              /** Format: uuid */
              retriedAs?: string;
              problem?: string;
            }[];
            more: boolean;
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAgents: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Agents, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createAgent: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "disk-cleaner",
         *       "version": "1.0.0",
         *       "description": "Deletes old files below a folder",
         *       "riskLevel": "APPROVAL_REQUIRED",
         *       "image": "disk-cleaner:1.0.0",
         *       "inputSchema": {
         *         "type": "object",
         *         "required": [
         *           "folder"
         *         ],
         *         "properties": {
         *           "folder": {
         *             "type": "string"
         *           }
         *         }
         *       },
         *       "outputSchema": {
         *         "type": "object",
         *         "properties": {
         *           "deleted": {
         *             "type": "integer"
         *           }
         *         }
         *       }
         *     }
         */
        'application/json': components['schemas']['AgentFields'];
      };
    };
    responses: {
      /** @description The agent */
      201: {
        headers: {
          /** @description The agent */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The name is taken */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAgent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The agent */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateAgent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "disk-cleaner",
         *       "version": "1.0.0",
         *       "description": "Deletes old files below a folder",
         *       "riskLevel": "APPROVAL_REQUIRED",
         *       "image": "disk-cleaner:1.0.0",
         *       "inputSchema": {
         *         "type": "object",
         *         "required": [
         *           "folder"
         *         ],
         *         "properties": {
         *           "folder": {
         *             "type": "string"
         *           }
         *         }
         *       },
         *       "outputSchema": {
         *         "type": "object",
         *         "properties": {
         *           "deleted": {
         *             "type": "integer"
         *           }
         *         }
         *       }
         *     }
         */
        'application/json': components['schemas']['AgentFields'];
      };
    };
    responses: {
      /** @description The agent */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The name is taken, or workflows use the old one */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteAgent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Unregistered */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Workflows use it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseAgent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description The agent */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is so already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeAgent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description The agent */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is so already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAgentStatistics: {
    parameters: {
      query?: {
        days?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AgentStatistics'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApprovals: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        status?: 'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED';
        workflowRunId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Approvals, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Approval'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getApproval: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The approval */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Approval'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  decideApproval: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "decision": "APPROVED",
         *       "notes": "Looks right"
         *     }
         */
        'application/json': {
          /** @enum {string} */
          decision: 'APPROVED' | 'REJECTED';
          /** @description Ignored where a token says who decides */
          respondedBy?: string;
          notes?: string;
          /** @description What the node asked for by its `approval.schema` */
          answer?: unknown;
        };
      };
    };
    responses: {
      /** @description Decided */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Approval'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is decided already, or the run has ended */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApprovalLink: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "for": "Carol",
         *       "expiresInSeconds": 86400
         *     }
         */
        'application/json': {
          /** @description Who will decide by it */
          for: string;
          /** @default 86400 */
          expiresInSeconds?: number;
        };
      };
    };
    responses: {
      /** @description The link: it is shown this once */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApprovalLink'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is decided already, or no key is configured */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  openApprovalLink: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        link: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What waits, with a form */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html; charset=utf-8': string;
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The link is not one of this service */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It was used, its time is over, or the approval is decided */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  decideByLink: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        link: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "decision": "APPROVED",
         *       "notes": "Looks right"
         *     }
         */
        'application/json': {
          /** @enum {string} */
          decision: 'APPROVED' | 'REJECTED';
          notes?: string;
          /** @description JSON, where the approval asks for an answer */
          answer?: string;
        };
      };
    };
    responses: {
      /** @description Decided */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html; charset=utf-8': string;
        };
      };
      /** @description The answer does not fit: the form again */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The link is not one of this service */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It was used, its time is over, or the approval is decided */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  receiveAlertmanagerWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "version": "4",
         *       "status": "firing",
         *       "alerts": [
         *         {
         *           "status": "firing",
         *           "labels": {
         *             "alertname": "DiskFull",
         *             "severity": "critical",
         *             "instance": "db-1"
         *           },
         *           "annotations": {
         *             "summary": "The disk of db-1 is full"
         *           },
         *           "startsAt": "2030-01-01T00:00:00Z"
         *         }
         *       ]
         *     }
         */
        'application/json': unknown;
      };
    };
    responses: {
      /** @description Stored: what became of each alert */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "webhookId": "0198f0a4-3333-7c1d-9a52-5a7d0c3e8f44",
           *       "received": 1,
           *       "started": 1,
           *       "workflowRunIds": [
           *         "0198f0a4-3b5e-7c1d-9a52-5a7d0c3e8f11"
           *       ],
           *       "truncatedAlerts": 0,
           *       "alerts": [
           *         {
           *           "index": 0,
           *           "fingerprint": "9f86d081884c7d65",
           *           "status": "firing",
           *           "startsAt": "2030-01-01T00:00:00.000Z",
           *           "labels": {
           *             "alertname": "DiskFull",
           *             "severity": "critical",
           *             "instance": "db-1"
           *           },
           *           "decisions": [
           *             {
           *               "workflowId": "0198f0a4-1111-7c1d-9a52-5a7d0c3e8f22",
           *               "workflowName": "disk-cleanup",
           *               "triggerId": "0198f0a4-1111-7c1d-9a52-5a7d0c3e8f22.alertmanager.0",
           *               "outcome": "started",
           *               "workflowRunId": "0198f0a4-3b5e-7c1d-9a52-5a7d0c3e8f11"
           *             }
           *           ]
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['AlertReceipt'];
        };
      };
      /** @description Not such a body, or no alert in it can be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It could not be stored: send it again */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  receiveGrafanaWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "version": "4",
         *       "status": "firing",
         *       "alerts": [
         *         {
         *           "status": "firing",
         *           "labels": {
         *             "alertname": "DiskFull",
         *             "severity": "critical",
         *             "instance": "db-1"
         *           },
         *           "annotations": {
         *             "summary": "The disk of db-1 is full"
         *           },
         *           "startsAt": "2030-01-01T00:00:00Z"
         *         }
         *       ]
         *     }
         */
        'application/json': unknown;
      };
    };
    responses: {
      /** @description Stored: what became of each alert */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertReceipt'];
        };
      };
      /** @description Not such a body, or no alert in it can be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It could not be stored: send it again */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        kind?: 'alertmanager' | 'grafana' | 'workflow';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Webhooks, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  receiveWorkflowWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description Names this delivery */
        'Idempotency-Key'?: string;
        /** @description `sha256=` and the HMAC of the body, where the trigger asks for it */
        'X-Hub-Signature-256'?: string;
        /** @description Unix seconds, signed as `<timestamp>.<body>`, where the trigger has a replay window */
        'X-Webhook-Timestamp'?: string;
        /** @description The secret, where the trigger’s scheme is `bearer` */
        'X-Webhook-Token'?: string;
      };
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "ref": "refs/heads/main"
         *     }
         */
        'application/json': unknown;
      };
    };
    responses: {
      /** @description This delivery has started a run before */
      200: {
        headers: {
          /** @description The run */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedRun'];
        };
      };
      /** @description The run is stored */
      202: {
        headers: {
          /** @description The run */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AcceptedRun'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The sender does not prove to know the secret, or the request is too old */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The workflow has no enabled webhook trigger, is a draft, archived or paused */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTriggers: {
    parameters: {
      query?: {
        /** @description Id or name */
        workflow?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All triggers, by workflow */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trigger'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such workflow */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTriggerDecisions: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        outcome?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TriggerDecision'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  backfillTrigger: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "from": "2030-01-01T00:00:00Z",
         *       "until": "2030-01-08T00:00:00Z",
         *       "dryRun": true
         *     }
         */
        'application/json': {
          /**
           * Format: date-time
           * @description Included
           */
          from: string;
          /**
           * Format: date-time
           * @description Not included
           */
          until: string;
          /**
           * @description Only say which times there are
           * @default false
           */
          dryRun?: boolean;
        };
      };
    };
    responses: {
      /** @description The times of a dry run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BackfilledTime'][];
        };
      };
      /** @description The runs are stored */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BackfilledTime'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  backtestTriggers: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "days": 7
         *     }
         */
        'application/json': {
          /** @default 7 */
          days?: number;
          /** @description A draft; default: as it is stored */
          definition?: {
            [key: string]: unknown;
          };
          /** @description Default: the median of its last runs */
          runSeconds?: number;
        };
      };
    };
    responses: {
      /** @description What would have started, and what not */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Backtest'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAlerts: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        status?: 'firing' | 'resolved';
        fingerprint?: string;
        alertname?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Began last first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Alert'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAlertStatistics: {
    parameters: {
      query?: {
        days?: number;
      };
      header?: never;
      path: {
        /** @description Id or name */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Over the last days */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertStatistics'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listLocks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Acquired last first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TargetLock'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOverview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Now */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Overview'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWorkers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Workers, those alive first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Worker'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  drainWorker: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list of workers says it */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description It is told; the list of workers shows how far it is */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeWorker: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list of workers says it */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description It is told; the list of workers shows how far it is */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listQueues: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Queues */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "name": "agents",
           *         "jobs": {
           *           "waiting": 3,
           *           "active": 10,
           *           "delayed": 0
           *         }
           *       }
           *     ]
           */
          'application/json': components['schemas']['Queue'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  examineOpenNodes: {
    parameters: {
      query?: {
        workflowRunId?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Open nodes */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OpenNode'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  repairOpenNodes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "workflowRunId": "0198f0a4-3b5e-7c1d-9a52-5a7d0c3e8f11"
         *     }
         */
        'application/json': {
          /** Format: uuid */
          workflowRunId?: string;
        };
      };
    };
    responses: {
      /** @description What was done */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "agentRunId": "0198f0a4-4444-7c1d-9a52-5a7d0c3e8f55",
           *         "kind": "no_job",
           *         "repair": "adds a job beside the flow"
           *       }
           *     ]
           */
          'application/json': components['schemas']['DoctorRepair'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listLimits: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Projects */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProjectLimits'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLimits: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        projectId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The project */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProjectLimits'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putLimits: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        projectId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "maxOpenRuns": 500,
         *       "maxWorkflows": null
         *     }
         */
        'application/json': {
          /** @default null */
          maxOpenRuns?: number | null;
          /** @default null */
          maxWorkflows?: number | null;
        };
      };
    };
    responses: {
      /** @description What holds now */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProjectLimits'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTokens: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Tokens, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Token'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "dashboard",
         *       "scope": "viewer",
         *       "expiresAt": "2031-01-01T00:00:00Z"
         *     }
         */
        'application/json': {
          name: string;
          /** @enum {string} */
          scope: 'viewer' | 'operator' | 'approver' | 'webhook' | 'metrics' | 'admin';
          /** Format: date-time */
          expiresAt?: string;
        };
      };
    };
    responses: {
      /** @description The token, shown once */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FreshToken'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The name is taken, or nobody would be admin */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description The token, shown once */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FreshToken'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoked */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It is the last one of an admin */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSecrets: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Secrets */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Secret'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "value": "the-password-of-the-mail-server",
         *       "agents": [
         *         "notifier"
         *       ]
         *     }
         */
        'application/json': {
          value: string;
          agents: string[];
        };
      };
    };
    responses: {
      /** @description The secret, without its value */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Secret'];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no key: SECRETS_KEYS is not set */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resealSecrets: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description How many were sealed with another key */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            resealed: number;
          };
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no key */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Payload too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Unsupported media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A key that is needed is missing, or a row was changed: nothing was written */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAuditEntries: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the Link header of the page before */
        cursor?: string;
        actor?: string;
        action?: string;
        target?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Entries, newest first */
      200: {
        headers: {
          /** @description RFC 8288: `rel="next"`, the address of the next page, where there is one */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditEntry'][];
        };
      };
      /** @description Invalid input */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Authentication required */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Database unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}

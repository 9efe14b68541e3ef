-- Purpose: what the API keeps for itself: tokens and sessions (hashes only), the audit log, the alerts as they came.
-- Locks:   creates only.
-- Back:    the down part drops the tables; all tokens, sessions and the audit log are lost.

-- Up Migration

-- A revoked token stays, for the audit log and because a service that once asked for tokens goes on asking.
CREATE TABLE "ApiToken" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CONSTRAINT "ApiToken_name_key" UNIQUE,
  scope text NOT NULL CHECK (scope IN ('viewer', 'operator', 'approver', 'webhook', 'metrics', 'admin')),
  hash bytea NOT NULL CONSTRAINT "ApiToken_hash_key" UNIQUE, -- SHA-256 of the token: 32 random bytes need no salt
  hint text NOT NULL, -- the token's first characters, to tell tokens apart
  "createdBy" text,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "expiresAt" timestamptz,
  "rotatedAt" timestamptz,
  "lastUsedAt" timestamptz,
  "revokedAt" timestamptz,
  "revokedBy" text
);

-- A browser's login. It lasts as long as the token it was made with: the token's scope is asked on each request.
CREATE TABLE "Session" (
  hash bytea PRIMARY KEY, -- SHA-256 of the cookie
  "tokenHash" bytea NOT NULL,
  "principalName" text NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "expiresAt" timestamptz NOT NULL
);
CREATE INDEX "Session_expiresAt_idx" ON "Session" ("expiresAt");

CREATE TABLE "AuditLog" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  scope text NOT NULL,
  action text NOT NULL, -- the operation's name in the OpenAPI document
  target text,
  before jsonb,
  after jsonb,
  address text,
  "requestId" text
);
CREATE INDEX "AuditLog_target_idx" ON "AuditLog" (target, id DESC);
CREATE INDEX "AuditLog_actor_idx" ON "AuditLog" (actor, id DESC);

CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only';
END
$$;
CREATE TRIGGER "AuditLog_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditLog"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();

-- Alerts as they came. The body is text: it is what was sent, also where jsonb could not hold it (\u0000).
CREATE TABLE "Webhook" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('alertmanager', 'grafana', 'workflow')),
  body text NOT NULL,
  sender text,
  "receivedAt" timestamptz NOT NULL DEFAULT now(),
  "handledAt" timestamptz,
  alerts jsonb NOT NULL DEFAULT '[]' -- what became of each alert, as answered
);
CREATE INDEX "Webhook_receivedAt_idx" ON "Webhook" ("receivedAt" DESC, id DESC);

-- Which alert last started a workflow: what a cooldown is counted from.
CREATE TABLE "AlertCooldown" (
  "workflowId" uuid NOT NULL,
  fingerprint text NOT NULL,
  identity text NOT NULL, -- startsAt and status of that alert: the same alert sent again is not held up by itself
  "startedAt" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY ("workflowId", fingerprint)
);

-- Down Migration

DROP TABLE "AlertCooldown", "Webhook", "AuditLog", "Session", "ApiToken";
DROP FUNCTION audit_log_is_append_only;

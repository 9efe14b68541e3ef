-- Purpose: links by which one person decides one approval without a login, each usable once; and where an approval is announced.
--          `engine_decide` becomes a shell around the former function, which goes on as `engine_decide_approval`.
-- Locks:   a short exclusive lock on "Approval" for the new columns, which have no default.
-- Back:    the links that were sent stop working, the former function has its old name again.

-- Up Migration

-- The signature is not kept: a link is made from its row with the key of the configuration.
CREATE TABLE "ApprovalLink" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "approvalId" uuid NOT NULL REFERENCES "Approval" (id) ON DELETE CASCADE,
  "madeFor" text NOT NULL,
  "madeBy" text NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "expiresAt" timestamptz NOT NULL,
  "usedAt" timestamptz
);
CREATE INDEX "ApprovalLink_approvalId_idx" ON "ApprovalLink" ("approvalId");

ALTER TABLE "Approval" ADD COLUMN announce text; -- the workflow that tells people of it
ALTER TABLE "Approval" ADD COLUMN "announcedAt" timestamptz;
CREATE INDEX "Approval_unannounced_idx" ON "Approval" ("requestedAt")
  WHERE status = 'PENDING' AND announce IS NOT NULL AND "announcedAt" IS NULL;

ALTER FUNCTION engine_decide(jsonb) RENAME TO engine_decide_approval;

-- A decision on an approval. By a link it counts only where the link is of this approval, not over and not used; it is used up
-- in the transaction of the decision, so that one that failed can be used again and one that counted cannot.
-- request: engine_decide_approval's, and linkId?
-- result:  engine_decide_approval's; {found, decided: false, status: 'LINK_OVER'} where the link does not count any more
CREATE FUNCTION engine_decide(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  link_id uuid := request ->> 'linkId';
  answer jsonb;
BEGIN
  IF link_id IS NOT NULL THEN
    PERFORM 1 FROM "ApprovalLink" WHERE id = link_id AND "approvalId" = (request ->> 'approvalId')::uuid
      AND "usedAt" IS NULL AND "expiresAt" > now() FOR UPDATE;
    IF NOT FOUND THEN
      RETURN jsonb_build_object('found', true, 'decided', false, 'status', 'LINK_OVER');
    END IF;
  END IF;
  answer := engine_decide_approval(request);
  IF link_id IS NOT NULL AND (answer ->> 'decided')::boolean THEN
    UPDATE "ApprovalLink" SET "usedAt" = now() WHERE id = link_id;
  END IF;
  RETURN answer;
END
$$;

-- Down Migration

DROP FUNCTION engine_decide;
ALTER FUNCTION engine_decide_approval(jsonb) RENAME TO engine_decide;
DROP INDEX "Approval_unannounced_idx";
ALTER TABLE "Approval" DROP COLUMN "announcedAt", DROP COLUMN announce;
DROP TABLE "ApprovalLink";

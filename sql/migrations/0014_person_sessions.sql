-- Purpose: sessions of people who logged in at an OpenID Connect provider: they stand for no token, so they carry their scope.
-- Locks:   "Session" exclusively, for a moment.
-- Back:    the down part ends those sessions; the people log in again with a token.

-- Up Migration

ALTER TABLE "Session" ALTER COLUMN "tokenHash" DROP NOT NULL, ADD COLUMN scope text,
  ADD CONSTRAINT "Session_token_or_scope" CHECK (("tokenHash" IS NULL) = (scope IS NOT NULL)),
  ADD CONSTRAINT "Session_scope_check" CHECK (scope IN ('viewer', 'operator', 'approver', 'admin'));

-- Down Migration

DELETE FROM "Session" WHERE "tokenHash" IS NULL;
ALTER TABLE "Session" DROP CONSTRAINT "Session_scope_check", DROP CONSTRAINT "Session_token_or_scope", DROP COLUMN scope,
  ALTER COLUMN "tokenHash" SET NOT NULL;

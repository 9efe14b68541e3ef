-- Purpose: agents' secrets that are stored, sealed: without the keys of SECRETS_KEYS a dump of the database tells nothing.
-- Locks:   creates only.
-- Back:    the down part drops the table; the secrets are lost.

-- Up Migration

CREATE TABLE "Secret" (
  name text PRIMARY KEY,
  "keyId" text NOT NULL, -- which key of SECRETS_KEYS it is sealed with
  nonce bytea NOT NULL,
  sealed bytea NOT NULL, -- AES-256-GCM, the tag at its end; the name is authenticated with it
  agents text[] NOT NULL CHECK (cardinality(agents) > 0), -- who is given it
  "createdBy" text NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);

-- Down Migration

DROP TABLE "Secret";

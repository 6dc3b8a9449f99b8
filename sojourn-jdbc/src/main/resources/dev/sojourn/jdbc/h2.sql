-- Sojourn's table for H2 2.2 or newer. See docs/guide/stores/h2.md.
-- The unique constraint only adds its index to the primary key, which finds the sessions of a user. So one statement creates
-- both the table and the index.
CREATE TABLE IF NOT EXISTS sojourn_session (
  session_key CHARACTER VARYING(255) NOT NULL PRIMARY KEY,
  version     BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  subject     CHARACTER VARYING(256),
  payload     BINARY VARYING(16777216) NOT NULL,
  UNIQUE (subject, session_key)
);

-- Sojourn's table for PostgreSQL 12 or newer. See docs/guide/stores/postgresql.md.
-- Fixed widths first, so that no byte is lost to alignment. A touch changes version and expires_at. Neither may be in an
-- index, and each page keeps free space; otherwise updates are not HOT and every touch writes index entries.
CREATE TABLE IF NOT EXISTS sojourn_session (
  version     bigint NOT NULL,
  expires_at  bigint NOT NULL,
  session_key text COLLATE "C" NOT NULL PRIMARY KEY,
  subject     text COLLATE "C",
  payload     bytea NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS sojourn_session_subject ON sojourn_session (subject, session_key) WHERE subject IS NOT NULL;

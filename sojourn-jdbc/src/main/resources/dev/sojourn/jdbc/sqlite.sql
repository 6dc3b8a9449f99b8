-- Sojourn's table for SQLite 3.24 or newer. See docs/guide/stores/sqlite.md.
CREATE TABLE IF NOT EXISTS sojourn_session (
  session_key TEXT NOT NULL PRIMARY KEY,
  version     INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  subject     TEXT,
  payload     BLOB NOT NULL
);

CREATE INDEX IF NOT EXISTS sojourn_session_subject ON sojourn_session (subject, session_key) WHERE subject IS NOT NULL;

-- Sojourn's table for MySQL 8.0.17 or newer. See docs/guide/stores/mariadb-mysql.md.
-- The collation compares code points: case, accents and trailing spaces matter.
CREATE TABLE IF NOT EXISTS sojourn_session (
  session_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  version     BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  subject     VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (session_key),
  KEY sojourn_session_subject (subject)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

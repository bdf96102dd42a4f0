// The first version of the data file. A landed migration is never edited: a later one changes it.

export const migration0001 = `
-- A state table, not an event log: one row per thing to do. An event raises the revision; a row is
-- removed only if its revision is still the one that was pushed.
CREATE TABLE queue (
  key            TEXT PRIMARY KEY,      -- 'scene:12', 'performer:5'
  entity         TEXT NOT NULL,
  entity_id      INTEGER NOT NULL,
  revision       INTEGER NOT NULL,
  -- Unix ms; NULL = not claimable. Rows of performers, studios, tags and groups are kept without a
  -- due time until fan-out is built, whose migration makes them due; so none is lost meanwhile.
  due_at         INTEGER,
  first_event_at INTEGER NOT NULL,
  last_event_at  INTEGER NOT NULL,
  attempts       INTEGER NOT NULL DEFAULT 0,
  alone_failures INTEGER NOT NULL DEFAULT 0,
  first_error_at INTEGER,
  error_code     TEXT,
  source         TEXT NOT NULL,         -- type of the last event, e.g. 'Scene.Update.Post'
  correlation    TEXT NOT NULL,
  in_flight      INTEGER                -- revision being pushed
) STRICT;
CREATE INDEX queue_due ON queue (due_at) WHERE due_at IS NOT NULL AND in_flight IS NULL;

CREATE TABLE dead_letter (
  key            TEXT PRIMARY KEY,
  entity         TEXT NOT NULL,
  entity_id      INTEGER NOT NULL,
  error_code     TEXT NOT NULL,
  message        TEXT NOT NULL,
  field          TEXT,
  attempts       INTEGER NOT NULL,
  first_error_at INTEGER NOT NULL,
  last_error_at  INTEGER NOT NULL,
  correlation    TEXT NOT NULL
) STRICT;

CREATE TABLE scene_state (
  scene_id       INTEGER PRIMARY KEY,
  rating_key     TEXT,
  section_id     TEXT,
  matched_by     TEXT,
  no_item_reason TEXT,
  waiting_since  INTEGER,               -- Unix ms; set while its file is awaited in Plex
  pushed         TEXT NOT NULL,         -- JSON: values confirmed in Plex that are PlexSync's own
  intent         TEXT NOT NULL,         -- JSON: the same, plus what was about to be written
  pushed_at      INTEGER
) STRICT;
CREATE INDEX scene_state_waiting ON scene_state (waiting_since) WHERE waiting_since IS NOT NULL;

-- The files of a scene that waits, as the index would show them.
CREATE TABLE awaited_file (
  scene_id  INTEGER NOT NULL REFERENCES scene_state ON DELETE CASCADE,
  plex_path TEXT NOT NULL,
  name      TEXT NOT NULL,
  size      INTEGER NOT NULL,
  PRIMARY KEY (scene_id, plex_path)
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_file_path ON awaited_file (plex_path);
CREATE INDEX awaited_file_name ON awaited_file (name, size);

CREATE TABLE plex_part (
  rating_key TEXT NOT NULL,
  path_key   TEXT NOT NULL,             -- comparable form of path
  section_id TEXT NOT NULL,
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,             -- comparable form of its last component
  size       INTEGER,
  title      TEXT NOT NULL,
  added_at   INTEGER NOT NULL,          -- Unix s, as Plex says
  updated_at INTEGER NOT NULL,
  walk       INTEGER NOT NULL,          -- number of the index walk that saw it last
  PRIMARY KEY (rating_key, path_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX plex_part_path ON plex_part (path_key);
CREATE INDEX plex_part_name ON plex_part (name, size);

-- Small singletons, JSON.
CREATE TABLE state (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

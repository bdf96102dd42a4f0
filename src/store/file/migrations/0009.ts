// Reconciliation: its runs with how far each is, and the gaps that were found.

export const migration0009 = `
CREATE TABLE run (
  id        INTEGER PRIMARY KEY,
  origin    TEXT NOT NULL,              -- 'person', 'schedule' …
  scope     TEXT NOT NULL,              -- JSON
  dry       INTEGER NOT NULL,
  gap_limit INTEGER,                    -- gaps that are queued without a word; null = all
  state     TEXT NOT NULL,              -- 'running', 'ended', 'stopped'
  place     TEXT NOT NULL,              -- JSON: how far it is
  tries     INTEGER NOT NULL DEFAULT 0, -- how often the page there has failed
  figures   TEXT NOT NULL,              -- JSON
  begun_at  INTEGER NOT NULL,           -- Unix ms
  ended_at  INTEGER
) STRICT;
-- Of two begun at once, one runs.
CREATE UNIQUE INDEX run_under_way ON run (state) WHERE state = 'running';

-- One row per scene (or item without one), kind and field, by whichever run found it last.
CREATE TABLE gap (
  id         INTEGER PRIMARY KEY,
  scene_id   INTEGER NOT NULL,          -- 0 = none
  rating_key TEXT NOT NULL,             -- '' = none
  kind       TEXT NOT NULL,
  field      TEXT NOT NULL,             -- '' = of the scene as a whole
  confidence TEXT NOT NULL,
  stash      TEXT,                      -- JSON: text or list
  plex       TEXT,
  to_come    TEXT,
  reason     TEXT NOT NULL,
  state      TEXT NOT NULL,
  run_id     INTEGER NOT NULL,
  found_at   INTEGER NOT NULL           -- Unix ms
) STRICT;
CREATE UNIQUE INDEX gap_of ON gap (scene_id, rating_key, kind, field);
CREATE INDEX gap_state ON gap (state, scene_id);
CREATE INDEX gap_kind ON gap (kind, field, state);

-- Items that the run under way has found scenes for which nobody knew before.
CREATE TABLE run_item (rating_key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

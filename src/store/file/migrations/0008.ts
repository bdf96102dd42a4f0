// Outages: when they began and ended, why, how much waited, how often Plex was probed; and of what was
// given up, the outage in whose time it failed.

export const migration0008 = `
CREATE TABLE outage (
  id       INTEGER PRIMARY KEY,
  -- 'away': Plex failed as a server; 'token': it answers and refuses the token
  kind     TEXT NOT NULL,
  began_at INTEGER NOT NULL,            -- Unix ms
  ended_at INTEGER,                     -- NULL while it lasts
  code     TEXT,                        -- of the first failure; NULL if it is not known
  cause    TEXT NOT NULL,               -- the same in words
  -- The most rows of the queue and extras that were due at once while it lasted. Nothing is finished
  -- then, and each thing has one row, so these are all that waited, but for what a person removed.
  jobs     INTEGER NOT NULL DEFAULT 0,
  probes   INTEGER NOT NULL DEFAULT 0
) STRICT;
-- One lasts at most.
CREATE UNIQUE INDEX outage_now ON outage ((1)) WHERE ended_at IS NULL;

ALTER TABLE dead_letter ADD COLUMN outage INTEGER;
CREATE INDEX dead_letter_outage ON dead_letter (outage) WHERE outage IS NOT NULL;
`;

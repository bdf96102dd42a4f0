// Pictures and ratings: what PlexSync put into each item, and what is still to be sent, so
// that one that fails holds up nothing else.

export const migration0003 = `
-- By item, not by scene: an item may pass from one scene to another, and what is in it stays known.
CREATE TABLE image (
  rating_key TEXT NOT NULL,
  kind       TEXT NOT NULL,             -- 'poster', 'background'
  section_id TEXT NOT NULL,
  scene_id   INTEGER NOT NULL,          -- whose cover was read last for it
  address    TEXT NOT NULL,             -- of that cover, as Stash gave it
  read_at    INTEGER NOT NULL,          -- Unix ms before it was read
  sha1       TEXT,                      -- of the bytes that are in Plex; NULL = none of ours
  name       TEXT,                      -- as Plex was seen to call them
  intent     TEXT,                      -- sha1 of bytes that are being sent
  kept       INTEGER NOT NULL DEFAULT 0, -- 1 = left as a person chose it
  locked     INTEGER NOT NULL DEFAULT 0, -- 1 = PlexSync set the lock
  PRIMARY KEY (rating_key, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_lock ON image (section_id, rating_key) WHERE locked = 1;

-- 0 to 10, -1 = none, as Plex's request has it.
CREATE TABLE rating (
  rating_key TEXT PRIMARY KEY,
  scene_id   INTEGER NOT NULL,          -- whose rating was given last
  pushed     INTEGER,                   -- NULL = never one
  intent     INTEGER                    -- about to be given
) STRICT, WITHOUT ROWID;

-- Wanted since the scene's text is in Plex.
CREATE TABLE extra (
  scene_id    INTEGER NOT NULL,
  kind        TEXT NOT NULL,            -- 'poster', 'background', 'rating'
  what        TEXT NOT NULL,            -- the cover's address, or the rating
  due_at      INTEGER,                  -- Unix ms; NULL = given up, kept for a person to see
  attempts    INTEGER NOT NULL DEFAULT 0,
  error_code  TEXT,                     -- of the last failure
  message     TEXT,
  failed_at   INTEGER,
  correlation TEXT NOT NULL,
  PRIMARY KEY (scene_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX extra_due ON extra (due_at) WHERE due_at IS NOT NULL;
`;

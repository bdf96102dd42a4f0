// History: what PlexSync changed in Plex, so that it can be shown and undone.

export const migration0004 = `
-- Ids grow with time: the oldest rows go first, found by id alone.
CREATE TABLE change (
  id            INTEGER PRIMARY KEY,
  scene_id      INTEGER NOT NULL,
  rating_key    TEXT NOT NULL,
  section_id    TEXT NOT NULL,
  field         TEXT NOT NULL,          -- by Plex's write name
  before        TEXT NOT NULL,          -- JSON: a text, or a list of tags
  after         TEXT NOT NULL,          -- JSON, as Plex showed it when it was read back
  locked_before INTEGER NOT NULL,
  locked_after  INTEGER NOT NULL,
  run           TEXT NOT NULL,          -- correlation id
  at            INTEGER NOT NULL        -- Unix ms
) STRICT;
CREATE INDEX change_scene ON change (scene_id);
CREATE INDEX change_item ON change (rating_key);
`;

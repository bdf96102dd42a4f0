// What goes both ways between a scene and its item: what each side had at the last sync, and a history of
// what was written, to either side, or left although the sides differ.

export const migration0011 = `
CREATE TABLE viewing (
  scene_id   INTEGER PRIMARY KEY REFERENCES scene_state ON DELETE CASCADE,
  rating_key TEXT NOT NULL,               -- the item that it was compared with
  known      TEXT NOT NULL,               -- JSON: per field what each side had; what is PlexSync's own
  again      INTEGER NOT NULL DEFAULT 0   -- 1: to be looked at with the next pass
);
CREATE INDEX viewing_again ON viewing (scene_id) WHERE again = 1;

CREATE TABLE viewing_change (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  scene_id   INTEGER NOT NULL,
  rating_key TEXT NOT NULL,
  field      TEXT NOT NULL,               -- watched, resume, rating
  side       TEXT NOT NULL,               -- which one was written: stash, plex
  before     TEXT NOT NULL,
  after      TEXT NOT NULL,
  why        TEXT NOT NULL,               -- changed, first, conflict, kept
  conflict   TEXT,                        -- JSON: both values and times, the rule, who counted
  at         INTEGER NOT NULL,            -- Unix ms
  done       INTEGER NOT NULL             -- 0: about to be written
);
CREATE INDEX viewing_change_scene ON viewing_change (scene_id);
CREATE INDEX viewing_change_open ON viewing_change (scene_id) WHERE done = 0;
CREATE INDEX viewing_change_time ON viewing_change (at);
`;

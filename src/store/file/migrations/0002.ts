// Matching that proves itself: confidence, choices, review, files of all scenes, fan-out. The index
// of Plex's files is made anew, since its rows hold more now; scenes without an item are looked at
// again, since their reasons have other names.

export const migration0002 = `
-- 0 = something a person just changed; 1 = what follows from it in bulk (fan-out).
ALTER TABLE queue ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
-- Of a fan-out: the last scene id it has raised.
ALTER TABLE queue ADD COLUMN cursor INTEGER NOT NULL DEFAULT 0;
DROP INDEX queue_due;
CREATE INDEX queue_due ON queue (priority, due_at)
  WHERE due_at IS NOT NULL AND in_flight IS NULL AND entity = 'scene';
CREATE INDEX queue_failed ON queue (alone_failures, due_at)
  WHERE alone_failures > 0 AND due_at IS NOT NULL AND in_flight IS NULL AND entity = 'scene';
CREATE INDEX queue_fan_out ON queue (due_at)
  WHERE due_at IS NOT NULL AND in_flight IS NULL AND entity <> 'scene';
UPDATE queue SET due_at = last_event_at WHERE due_at IS NULL;

ALTER TABLE scene_state ADD COLUMN score INTEGER;
ALTER TABLE scene_state ADD COLUMN why TEXT;                       -- the match in words
-- JSON: what Plex had in each field before PlexSync first wrote to it.
ALTER TABLE scene_state ADD COLUMN before TEXT NOT NULL DEFAULT '{}';
-- ' p5 s3 t7 ': whose rename or end concerns the scene, as it was last read.
ALTER TABLE scene_state ADD COLUMN entities TEXT NOT NULL DEFAULT ' ';
-- One Plex item is one scene's: what two had until now goes to the one that came first.
UPDATE scene_state SET no_item_reason = 'review' WHERE no_item_reason IS NULL AND EXISTS (
  SELECT 1 FROM scene_state other WHERE other.rating_key = scene_state.rating_key
    AND other.no_item_reason IS NULL AND other.scene_id < scene_state.scene_id);
CREATE UNIQUE INDEX scene_state_item ON scene_state (rating_key)
  WHERE no_item_reason IS NULL AND rating_key IS NOT NULL;
CREATE INDEX scene_state_open ON scene_state (no_item_reason) WHERE no_item_reason IS NOT NULL;
CREATE INDEX scene_state_former ON scene_state (rating_key) WHERE no_item_reason IS NOT NULL;

-- What scenes without an item have to be matched anew, by their new reasons.
INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at, source,
    correlation)
  SELECT 'scene:' || scene_id, 'scene', scene_id, 1, unixepoch() * 1000, unixepoch() * 1000,
    unixepoch() * 1000, 'upgrade', 'upgrade-' || scene_id
  FROM scene_state WHERE no_item_reason IS NOT NULL
  ON CONFLICT (key) DO UPDATE SET revision = revision + 1;
UPDATE scene_state SET no_item_reason = 'waiting' WHERE no_item_reason = 'not-in-plex';
UPDATE scene_state SET no_item_reason = 'review' WHERE no_item_reason = 'ambiguous';

-- Every file of every scene that was read, pushed or not.
DROP TABLE awaited_file;
CREATE TABLE scene_file (
  scene_id    INTEGER NOT NULL,
  path        TEXT NOT NULL,            -- as Stash sees it
  name        TEXT NOT NULL,            -- comparable form of its last component
  size        INTEGER NOT NULL,
  duration_ms INTEGER,
  PRIMARY KEY (scene_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX scene_file_name ON scene_file (name, size);

DROP TABLE plex_part;
CREATE TABLE plex_part (
  rating_key  TEXT NOT NULL,
  path_key    TEXT NOT NULL,            -- comparable form of path
  section_id  TEXT NOT NULL,
  path        TEXT NOT NULL,
  name        TEXT NOT NULL,            -- comparable form of its last component
  size        INTEGER,
  duration_ms INTEGER,
  title       TEXT NOT NULL,
  title_key   TEXT NOT NULL,
  date        TEXT NOT NULL,
  studio_key  TEXT NOT NULL,
  added_at    INTEGER NOT NULL,         -- Unix s, as Plex says
  updated_at  INTEGER NOT NULL,
  walk        INTEGER NOT NULL,         -- number of the index walk that saw it last
  changed     INTEGER NOT NULL,         -- number of the walk that found it new or other
  PRIMARY KEY (rating_key, path_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX plex_part_path ON plex_part (path_key);
CREATE INDEX plex_part_name ON plex_part (name, size);
CREATE INDEX plex_part_length ON plex_part (name, duration_ms);
CREATE INDEX plex_part_size ON plex_part (size);
CREATE INDEX plex_part_title ON plex_part (title_key);
CREATE INDEX plex_part_changed ON plex_part (changed);
DELETE FROM state WHERE name = 'index';

-- What PlexSync put into items whose scenes have other items now.
CREATE TABLE left_item (
  rating_key TEXT PRIMARY KEY,
  pushed     TEXT NOT NULL,
  intent     TEXT NOT NULL,
  before     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person chose: this item, or never. No rating key = never.
CREATE TABLE pin (
  scene_id   INTEGER PRIMARY KEY,
  rating_key TEXT,
  section_id TEXT,
  source     TEXT NOT NULL,             -- 'person', or 'url' for a link an older tool left
  chosen_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pin_item ON pin (rating_key) WHERE rating_key IS NOT NULL;
-- The item's files: by them it is known again under another rating key.
CREATE TABLE pin_file (
  scene_id    INTEGER NOT NULL REFERENCES pin ON DELETE CASCADE,
  path_key    TEXT NOT NULL,
  name        TEXT NOT NULL,
  size        INTEGER,
  duration_ms INTEGER,
  PRIMARY KEY (scene_id, path_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX pin_file_name ON pin_file (name);

-- Scenes whose item a person has to choose, and what there is to choose from.
CREATE TABLE review (
  scene_id INTEGER PRIMARY KEY,
  reason   TEXT NOT NULL,
  title    TEXT NOT NULL,
  path     TEXT NOT NULL,
  since    INTEGER NOT NULL
) STRICT;
CREATE TABLE review_candidate (
  scene_id   INTEGER NOT NULL REFERENCES review ON DELETE CASCADE,
  rating_key TEXT NOT NULL,
  section_id TEXT NOT NULL,
  title      TEXT NOT NULL,
  path       TEXT NOT NULL,
  score      INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  PRIMARY KEY (scene_id, rating_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_candidate_item ON review_candidate (rating_key);

-- What of a performer, studio, tag or group was last carried to its scenes.
CREATE TABLE entity_face (
  key  TEXT PRIMARY KEY,                -- 'performer:5'
  face TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Folders that Plex was asked to scan.
CREATE TABLE folder_scan (
  folder   TEXT PRIMARY KEY,
  asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

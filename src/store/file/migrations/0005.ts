// The queue under control: lists that stay quick however long they are, and titles to search them by.

export const migration0005 = `
CREATE INDEX queue_since ON queue (first_event_at);
CREATE INDEX queue_cause ON queue (error_code, first_event_at) WHERE error_code IS NOT NULL;
CREATE INDEX dead_letter_time ON dead_letter (last_error_at);
CREATE INDEX dead_letter_cause ON dead_letter (error_code, last_error_at);
CREATE INDEX review_since ON review (since);

-- Titles of scenes as they were last read from Stash.
CREATE TABLE scene_title (
  scene_id  INTEGER PRIMARY KEY,
  title     TEXT NOT NULL,
  title_key TEXT NOT NULL               -- without case, to search by
) STRICT;
-- Until they are read again: what was written to Plex, or shown for a choice.
INSERT INTO scene_title (scene_id, title, title_key)
  SELECT scene_id, title, lower(title) FROM review WHERE title <> '';
INSERT OR IGNORE INTO scene_title (scene_id, title, title_key)
  SELECT scene_id, pushed ->> '$.scalars.title', lower(pushed ->> '$.scalars.title')
  FROM scene_state WHERE
    CASE WHEN json_valid(pushed) THEN json_type(pushed, '$.scalars.title') END = 'text';
`;

// Ratings: whether PlexSync gave one or found it, so that only its own is ever taken away; and of which
// library the item is, so that what is gone can be forgotten.

export const migration0007 = `
ALTER TABLE rating ADD COLUMN section_id TEXT NOT NULL DEFAULT '';
-- 1 = PlexSync gave it; 0 = it was the same in Plex already, or nobody knows.
ALTER TABLE rating ADD COLUMN given INTEGER NOT NULL DEFAULT 0;
UPDATE rating SET section_id = coalesce(
  (SELECT section_id FROM scene_state WHERE scene_state.rating_key = rating.rating_key LIMIT 1), '');
UPDATE rating SET given = 1 WHERE EXISTS (
  SELECT 1 FROM change WHERE change.rating_key = rating.rating_key AND field = 'userRating');
`;

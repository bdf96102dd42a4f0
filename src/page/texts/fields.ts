// English names of Plex's fields, by their write names.

const names: Readonly<Record<string, string>> = {
  title: 'title',
  titleSort: 'sort title',
  summary: 'summary',
  originallyAvailableAt: 'date',
  studio: 'studio',
  contentRating: 'content rating',
  genre: 'genres',
  label: 'labels',
  actor: 'actors',
  director: 'directors',
  collection: 'collections',
  rating: 'rating',
  poster: 'poster',
  background: 'background',
};

/** One of another version of PlexSync is called as it is written. */
export const fieldName = (field: string): string => names[field] ?? field;

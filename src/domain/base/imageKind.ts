// The kinds of picture of an item, and the field by which Plex locks each.

/** A scene's picture in Plex: the poster, or the background behind an item's page. */
export const imageKinds = ['poster', 'background'] as const;
export type ImageKind = (typeof imageKinds)[number];

/**
 * Names of the two in Plex: of their lock on the edit form (python-plexapi `mixins/lock.py`
 * `lockPoster`, `lockArt`).
 */
export const imageLocks = { poster: 'thumb', background: 'art' } as const satisfies Record<
  ImageKind,
  string
>;
export type ImageLock = (typeof imageLocks)[ImageKind];

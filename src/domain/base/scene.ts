// A Stash scene as PlexSync works with it: parsed, with ids as numbers and absent values as null.

export interface SceneFile {
  /** Absolute path as the Stash server sees it. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly durationSeconds: number | null;
}

export interface NamedEntity {
  readonly id: number;
  readonly name: string;
}

export interface SceneStudio extends NamedEntity {
  readonly parent: NamedEntity | null;
}

export interface SceneTag extends NamedEntity {
  /** The tags right above it. */
  readonly parents: readonly NamedEntity[];
}

export interface ScenePerformer extends NamedEntity {
  /** What tells two people of one name apart, e.g. "actress". */
  readonly disambiguation: string | null;
}

export interface Scene {
  readonly id: number;
  readonly title: string | null;
  /** The studio's own number of the scene. */
  readonly code: string | null;
  readonly details: string | null;
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as Stash keeps it. */
  readonly date: string | null;
  /** RFC 3339 with the Stash server's own offset. */
  readonly updatedAt: string;
  /** As typed: one name or several. */
  readonly director: string | null;
  readonly organized: boolean;
  /** 1 to 100; null where nobody has rated it. */
  readonly rating100: number | null;
  /** Address of the cover, `paths.screenshot`; it changes with the scene. '' where Stash tells none. */
  readonly cover: string;
  readonly studio: SceneStudio | null;
  /** In Stash's order: by sort name, else by name. */
  readonly tags: readonly SceneTag[];
  readonly performers: readonly ScenePerformer[];
  readonly groups: readonly NamedEntity[];
  /** Links as typed, in Stash's order. */
  readonly urls: readonly string[];
  /** The first one is the primary file. */
  readonly files: readonly SceneFile[];
}

/**
 * What reading one scene gave: the scene, proof that it is gone, the field that is not valid, or
 * Stash's own complaint about this one while others could be read.
 */
export type SceneRead =
  | { readonly kind: 'scene'; readonly scene: Scene }
  | { readonly kind: 'gone'; readonly id: number }
  | {
      readonly kind: 'invalid';
      readonly id: number;
      readonly field: string;
      readonly message: string;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

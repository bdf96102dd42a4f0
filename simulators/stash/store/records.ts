// What the simulated Stash remembers: scenes with their files, and the four kinds of things that
// scenes refer to. Identifiers are numbers, as in Stash's database; GraphQL shows them as text.

export interface FileRecord {
  readonly id: number;
  readonly path: string;
  readonly size: number;
  readonly durationSeconds: number;
  readonly oshash: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface SceneGroupLink {
  readonly groupId: number;
  readonly sceneIndex: number | null;
}

export interface StashIdLink {
  readonly endpoint: string;
  readonly stash_id: string;
  readonly updated_at: string;
}

export interface Cover {
  readonly bytes: Buffer;
  readonly contentType: string;
}

export interface SceneRecord {
  readonly id: number;
  readonly title: string;
  readonly code: string;
  readonly details: string;
  readonly director: string;
  readonly urls: readonly string[];
  /** "YYYY-MM-DD", "YYYY-MM" or "YYYY". */
  readonly date: string | null;
  readonly rating100: number | null;
  readonly organized: boolean;
  readonly studioId: number | null;
  readonly tagIds: readonly number[];
  readonly performerIds: readonly number[];
  readonly groups: readonly SceneGroupLink[];
  readonly stashIds: readonly StashIdLink[];
  /** The first one is the primary file. */
  readonly files: readonly FileRecord[];
  readonly cover: Cover | null;
  readonly resumeTimeSeconds: number;
  readonly playDurationSeconds: number;
  readonly playHistory: readonly string[];
  readonly oHistory: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const entityKinds = ['performer', 'studio', 'tag', 'group'] as const;
export type EntityKind = (typeof entityKinds)[number];

export interface EntityRecord {
  readonly id: number;
  readonly kind: EntityKind;
  readonly name: string;
  /** Every other field, by its GraphQL name. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly image: Cover | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface NewFile {
  readonly path: string;
  readonly size?: number;
  readonly durationSeconds?: number;
  readonly oshash?: string;
}

type SceneContent = Omit<SceneRecord, 'id' | 'files' | 'createdAt' | 'updatedAt'>;

export interface NewScene extends Partial<SceneContent> {
  /** The next free one if not given. */
  readonly id?: number;
  readonly files?: readonly NewFile[];
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface NewEntity {
  readonly id?: number;
  readonly name: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly image?: Cover | null;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export const emptyScene: SceneContent = {
  title: '',
  code: '',
  details: '',
  director: '',
  urls: [],
  date: null,
  rating100: null,
  organized: false,
  studioId: null,
  tagIds: [],
  performerIds: [],
  groups: [],
  stashIds: [],
  cover: null,
  resumeTimeSeconds: 0,
  playDurationSeconds: 0,
  playHistory: [],
  oHistory: [],
};

// What the operation scene takes and answers: one scene as it stands between Stash and Plex.
import * as v from 'valibot';
import { count, ratingKey, time } from './answers.ts';
import { extras, mirroredFields, policies } from './fieldPolicies.ts';
import { historyAnswer } from './history.ts';

/** A text, or a list of tags; '' and [] for nothing. */
const value = v.union([v.string(), v.array(v.string())]);
const cause = v.object({
  /** Stable; an error code, or a reason. */
  code: v.string(),
  meaning: v.string(),
  wayOut: v.string(),
});
/** Why something is not known. */
const trouble = v.object({ ...cause.entries, message: v.string() });

/** Whether a server was asked just now. null: it answered. */
const asked = v.nullable(trouble);

/** `paused`: by a person. `setup`: PlexSync is being set up, and it is not the scene that is tried. */
export const holds = ['paused', 'setup'] as const;
export type Hold = (typeof holds)[number];

export const sceneStates = ['there', 'gone', 'unreadable', 'unknown'] as const;
export const itemStates = ['has', 'would-match', 'none', 'unknown'] as const;
export const verdicts = ['same', 'write', 'kept', 'filled', 'off', 'unset', 'nothing'] as const;
export type Verdict = (typeof verdicts)[number];

const candidate = v.object({
  item: ratingKey,
  section: v.string(),
  title: v.string(),
  file: v.string(),
  /** 0 to 100. */
  score: v.number(),
  why: v.string(),
});

const itemView = v.object({
  /**
   * `has`: it is the scene's, verified if Plex was asked. `would-match`: a push now would find it.
   * `none`: see `none`. `unknown`: nothing is known, and it could not be looked up: Plex is away, or PlexSync has not
   * looked through its libraries yet.
   */
  state: v.picklist(itemStates),
  item: v.nullable(ratingKey),
  section: v.nullable(v.string()),
  /** The library's name; null if Plex was not asked. */
  library: v.nullable(v.string()),
  title: v.nullable(v.string()),
  /** As Plex sees it. */
  file: v.nullable(v.string()),
  /** The item's page in Plex's web app; null without an item, or where no Plex was met yet. */
  link: v.nullable(v.string()),
  /** Whether the item was read from Plex just now, and its files were compared. */
  verified: v.boolean(),
  match: v.nullable(v.object({ how: v.string(), score: v.nullable(v.number()), why: v.string() })),
  /** Why there is none, with what there is to choose from. */
  none: v.nullable(
    v.object({
      ...cause.entries,
      /** What exactly: of `gated` the setting, of `review` what is asked; null for the others. */
      words: v.nullable(v.string()),
      candidates: v.array(candidate),
      /** When PlexSync looked for what is new in Plex last; what came since is not counted. */
      lookedAt: v.nullable(time),
    }),
  ),
  /** The choice that holds for the scene. */
  pin: v.nullable(
    v.object({
      kind: v.picklist(['never', 'item']),
      item: v.nullable(ratingKey),
      /** `url`: a link that an older tool left at the scene. */
      source: v.picklist(['person', 'url']),
    }),
  ),
});

const queueView = v.object({
  /** What waits for the scene's texts; null if nothing does. */
  waiting: v.nullable(
    v.object({
      since: time,
      /** Unix ms; null if it has no time. */
      dueAt: v.nullable(time),
      attempts: count,
      /** Of its last failed attempt; null if there was none. */
      cause: v.nullable(cause),
      priority: v.picklist(['first', 'bulk']),
      source: v.string(),
      inFlight: v.boolean(),
    }),
  ),
  deadLetter: v.nullable(
    v.object({
      ...trouble.entries,
      field: v.nullable(v.string()),
      attempts: count,
      lastErrorAt: time,
    }),
  ),
  /** Pictures and the rating on their way. */
  extras: v.array(
    v.object({
      kind: v.picklist(extras),
      /** Null once it was given up. */
      dueAt: v.nullable(time),
      attempts: count,
      /** Of its last failure. */
      error: v.nullable(trouble),
    }),
  ),
});

export const viewedFields = [...mirroredFields, ...extras] as const;

const fieldView = v.object({
  /** By Plex's write name; `rating`, `poster`, `background`. */
  field: v.picklist(viewedFields),
  /** What the settings say; null if they could not be read. */
  policy: v.nullable(v.picklist(policies)),
  /** What Stash wants there; null if it is not known, as always of a picture. */
  wanted: v.nullable(value),
  /** What Plex has; null if it is not known. Of a picture its name in Plex. */
  present: v.nullable(value),
  /** What PlexSync put there last; null if nothing. */
  pushed: v.nullable(value),
  locked: v.nullable(v.boolean()),
  /**
   * What a push now would do. `same`: nothing, Plex has it. `write`: see `toCome`. `kept`: nothing,
   * the difference is a person's. `filled`: nothing, by the rule `fill`. `off`: it is switched off.
   * `unset`: no setting gives it anything. `nothing`: Stash has nothing to say there. null: it could
   * not be told.
   */
  verdict: v.nullable(v.picklist(verdicts)),
  /** The same in a sentence, or why it could not be told. */
  words: v.string(),
  /** The whole value after the write; null without one, and of a picture. */
  toCome: v.nullable(value),
  /** Tags that the write adds and takes away. */
  adds: v.array(v.string()),
  removes: v.array(v.string()),
});

export const sceneViewAnswer = v.object({
  /** The state of the scene in a sentence. */
  sentence: v.string(),
  scene: v.object({
    id: v.number(),
    /** `unknown`: Stash could not be asked. `unreadable`: it has the scene, in a form that is not valid. */
    state: v.picklist(sceneStates),
    /** What is wrong with it; null if nothing is known to be. */
    words: v.nullable(v.string()),
    /** As it is shown; '' if none is known. */
    title: v.string(),
    /** Of its primary file, as Stash sees it; '' without one. */
    path: v.string(),
    /** When something of it was written last; null if never. */
    pushedAt: v.nullable(time),
  }),
  /** What could not be asked, and why. The rest of the answer is then what the data file knows. */
  live: v.object({ stash: asked, plex: asked }),
  item: itemView,
  /** Why nothing of it is pushed now, whatever is due; null if PlexSync is not paused. */
  held: v.nullable(v.picklist(holds)),
  queue: queueView,
  fields: v.array(fieldView),
  /** Why what would be written must not be sent; null if it may be. */
  blocked: v.nullable(trouble),
  /** The newest first, 20 at most; `total` counts all. */
  history: historyAnswer,
});

export type SceneViewAnswer = v.InferOutput<typeof sceneViewAnswer>;
export type ItemView = v.InferOutput<typeof itemView>;
export type QueueView = v.InferOutput<typeof queueView>;
export type FieldView = v.InferOutput<typeof fieldView>;
export type Trouble = v.InferOutput<typeof trouble>;

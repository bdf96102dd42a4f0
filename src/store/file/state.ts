// Small singletons of the data file, each parsed when read: a value that does not parse (written by
// another version, damaged) counts as absent.
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { errorCodes } from '../../contract/errors.ts';
import { warningSchema } from '../../contract/status.ts';
import type { StashReach } from '../../domain/recover/away.ts';
import type { Circuit } from '../../domain/recover/circuit.ts';
import { tagFields } from '../../domain/base/plexItem.ts';
import type { Ramp } from '../../domain/recover/ramp.ts';
import { tagModeNames } from '../../domain/mirror/tagMode.ts';
import type { Database } from './database.ts';
import { row, run, text } from './sql.ts';

export interface Singleton<T> {
  readonly name: string;
  readonly schema: v.GenericSchema<unknown, T>;
}

const connectionSchema = v.object({
  scheme: v.picklist(['http', 'https']),
  host: v.string(),
  port: v.number(),
  cookie: v.nullable(v.object({ name: v.string(), value: v.string() })),
  apiKey: v.nullable(v.string()),
  certificate: v.exactOptional(v.literal('checked')),
  pluginDir: v.string(),
  // Of `plexsync watch`. An event of the plugin's leaves it out.
  settingsFile: v.exactOptional(v.string()),
});

/** How to reach Stash, as the newest event told it. Holds secrets: `docs/security.md` names it. */
export const connection: Singleton<v.InferOutput<typeof connectionSchema>> = {
  name: 'connection',
  schema: connectionSchema,
};
export type StoredConnection = v.InferOutput<typeof connectionSchema>;

/** Of Plex, as it was set last: a support report must not tell it, also when Stash cannot be asked. */
export const plexAddress: Singleton<string> = { name: 'plex-address', schema: v.string() };

const outage = {
  since: v.number(),
  cause: v.string(),
  // One that only a later version knows must not make the circuit unreadable.
  code: v.fallback(v.optional(v.picklist(errorCodes)), undefined),
  failedProbes: v.number(),
  lastFailed: v.nullable(v.string()),
};
export const circuit: Singleton<Circuit> = {
  name: 'circuit',
  schema: v.variant('kind', [
    v.object({
      kind: v.literal('closed'),
      doubt: v.optional(v.object({ failures: v.number(), since: v.number(), retryAt: v.number() })),
    }),
    v.object({ kind: v.literal('open'), probeAt: v.number(), ...outage }),
    v.object({ kind: v.literal('half-open'), ...outage }),
    v.object({
      kind: v.literal('refused'),
      since: v.number(),
      retryAt: v.number(),
      settingsHash: v.string(),
      trial: v.optional(v.boolean()),
      failedTrials: v.optional(v.number()),
      readOnly: v.optional(v.boolean()),
    }),
  ]),
};

/** How fast Plex is written to after an outage; absent at other times. */
export const ramp: Singleton<Ramp> = {
  name: 'ramp',
  schema: v.object({
    perSecond: v.pipe(v.number(), v.gtValue(0)),
    since: v.number(),
    leastPerSecond: v.pipe(v.number(), v.gtValue(0)),
    step: v.pipe(v.number(), v.gtValue(0)),
  }),
};

/** Whether Stash answered the last time that it was asked. */
export const stashReach: Singleton<StashReach> = {
  name: 'stash-reach',
  schema: v.variant('kind', [
    v.object({ kind: v.literal('there') }),
    v.object({
      kind: v.literal('away'),
      since: v.number(),
      cause: v.string(),
      code: v.picklist(errorCodes),
      failures: v.number(),
      retryAt: v.number(),
    }),
  ]),
};

const indexSchema = v.object({
  /** Which Plex and which libraries the index is of. */
  machineIdentifier: v.string(),
  sectionIds: v.array(v.string()),
  walk: v.number(),
  /** The first of the walks that ended before what they found was told to the scenes that wait. */
  unsettledFrom: v.exactOptional(v.number()),
  /** Unix ms. */
  fullWalkAt: v.number(),
  refreshedAt: v.number(),
  /** Newest `addedAt` and `updatedAt` seen, Unix s by Plex's clock, per section. */
  watermarks: v.record(v.string(), v.object({ addedAt: v.number(), updatedAt: v.number() })),
});
export const index: Singleton<v.InferOutput<typeof indexSchema>> = {
  name: 'index',
  schema: indexSchema,
};
export type IndexState = v.InferOutput<typeof indexSchema>;

const ruleSchema = v.object({ stash: v.string(), plex: v.string() });
const figures = { explains: v.number(), contradicts: v.number() };
const mappingSchema = v.object({
  /** Unix ms. */
  at: v.number(),
  report: v.object({
    files: v.number(),
    inPlex: v.number(),
    explained: v.number(),
    rules: v.array(
      v.object({
        ...ruleSchema.entries,
        ...figures,
        use: v.picklist(['used', 'offered']),
        why: v.string(),
      }),
    ),
    handRules: v.array(v.object({ rule: ruleSchema, ...figures })),
    unexplained: v.array(v.object({ folder: v.string(), files: v.number(), inPlex: v.number() })),
  }),
});
/** The path mappings that were found, and how well those in use explain where the files are. */
export const mapping: Singleton<v.InferOutput<typeof mappingSchema>> = {
  name: 'mapping',
  schema: mappingSchema,
};

const surveySchema = v.object({
  /** The last scene whose files were asked for. */
  afterId: v.number(),
  /** Unix ms at which all were known; null while it is under way. */
  doneAt: v.nullable(v.number()),
  /** Scenes that are still to be asked for, as Stash counted them last. */
  left: v.number(),
});
/** How far the survey of Stash's files is. */
export const survey: Singleton<v.InferOutput<typeof surveySchema>> = {
  name: 'survey',
  schema: surveySchema,
};

/** Mappings and library folders by which scenes without an item were judged last. */
export const matchBasis: Singleton<string> = { name: 'match-basis', schema: v.string() };

const problemsSchema = v.array(v.object({ setting: v.string(), message: v.string() }));
/** What is wrong with the settings, as the worker last found them. */
export const problems: Singleton<v.InferOutput<typeof problemsSchema>> = {
  name: 'problems',
  schema: problemsSchema,
};

const warningsSchema = v.array(warningSchema);
/** What the libraries in Plex make worth telling, as the worker last found them. */
export const warnings: Singleton<v.InferOutput<typeof warningsSchema>> = {
  name: 'warnings',
  schema: warningsSchema,
};

const fullSyncSchema = v.object({ since: v.number(), reason: v.string() });
/** Set when the data file was lost: only a comparison of everything finds what was waiting in it. */
export const fullSyncNeeded: Singleton<v.InferOutput<typeof fullSyncSchema>> = {
  name: 'full-sync-needed',
  schema: fullSyncSchema,
};

const missedSchema = v.object({
  ...fullSyncSchema.entries,
  until: v.optional(v.number(), 0),
  /** Unix ms at which the first run began that looked for it and could not do all of it. */
  triedAt: v.exactOptional(v.number()),
});
/**
 * Set when events may have been missed since a time, until another; ends with a reconciliation that
 * began after it.
 */
export const missedSince: Singleton<v.InferOutput<typeof missedSchema>> = {
  name: 'missed-since',
  schema: missedSchema,
};

/** Unix ms of the newest event taken in. */
export const lastEventAt: Singleton<number> = { name: 'last-event-at', schema: v.number() };

const clientIdentifier: Singleton<string> = {
  name: 'client-identifier',
  schema: v.pipe(v.string(), v.uuid()),
};

const versionsSchema = v.object({ stash: v.nullable(v.string()), plex: v.nullable(v.string()) });
/** Versions that the servers told last. */
export const versions: Singleton<v.InferOutput<typeof versionsSchema>> = {
  name: 'versions',
  schema: versionsSchema,
};

export function readState<T>(db: Database, singleton: Singleton<T>): T | null {
  const found = row(db, 'SELECT value FROM state WHERE name = ?', singleton.name);
  if (found === undefined) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), text(found, 'value'));
  if (!parsed.success) return null;
  const value = v.safeParse(singleton.schema, parsed.output);
  return value.success ? value.output : null;
}

export function writeState<T>(db: Database, singleton: Singleton<T>, value: T): void {
  run(
    db,
    'INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    singleton.name,
    JSON.stringify(value),
  );
}

export function clearState(db: Database, singleton: Singleton<unknown>): void {
  run(db, 'DELETE FROM state WHERE name = ?', singleton.name);
}

/** One identifier per data file: Plex mails its owner about each client it has not seen before. */
export function stableClientIdentifier(db: Database): string {
  const known = readState(db, clientIdentifier);
  if (known !== null) return known;
  const made = randomUUID();
  writeState(db, clientIdentifier, made);
  return made;
}

/** Unix ms that the clock had reached when the worker last did something: it may be put back. */
export const clockSeenAt: Singleton<number> = { name: 'clock-seen-at', schema: v.number() };

const tagModesSchema = v.object({
  /** Which Plex, and of which version, they were learnt from. */
  machineIdentifier: v.string(),
  version: v.string(),
  /** Of writes to one item. */
  modes: v.record(v.picklist(tagFields), v.picklist(tagModeNames)),
  /** Of writes to several in one request. */
  groupModes: v.optional(v.record(v.picklist(tagFields), v.picklist(tagModeNames)), {}),
});
/** Whether Plex adds the tags of an edit to those of an item or replaces them, by kind of tag. */
export const tagModes: Singleton<v.InferOutput<typeof tagModesSchema>> = {
  name: 'tag-modes',
  schema: tagModesSchema,
};

const sweepSchema = v.object({
  /** Unix ms at which it was asked for. */
  begunAt: v.number(),
  /** Only scenes changed since then, Unix ms; null for all. */
  since: v.nullable(v.number()),
  /** The last scene raised. */
  afterId: v.number(),
  /** Scenes that are still to be raised, as Stash counted them last; null before the first page. */
  left: v.nullable(v.number()),
});
export type SweepState = v.InferOutput<typeof sweepSchema>;
/** A sync of all scenes under way. */
export const sweepOfAll: Singleton<SweepState> = { name: 'sweep-all', schema: sweepSchema };
/** A sync of changed scenes under way. */
export const sweepOfChanged: Singleton<SweepState> = {
  name: 'sweep-changed',
  schema: sweepSchema,
};
/** Unix ms at which the last sync of all or of changed scenes began that has raised all of its own. */
export const sweptAt: Singleton<number> = { name: 'swept-at', schema: v.number() };

const paceSchema = v.object({
  pace: v.object({
    share: v.number(),
    latencyMs: v.nullable(v.number()),
    usualMs: v.nullable(v.number()),
    why: v.picklist(['full', 'slow', 'errors']),
    at: v.number(),
  }),
  /** Writes per second that the settings allow. */
  ceilingPerSecond: v.nullable(v.number()),
  /** Unix ms of the last write, as far as it was kept. */
  wroteAt: v.optional(v.number(), 0),
});
/** How fast Plex is written to, and what that was learnt from. */
export const pace: Singleton<v.InferOutput<typeof paceSchema>> = {
  name: 'pace',
  schema: paceSchema,
};

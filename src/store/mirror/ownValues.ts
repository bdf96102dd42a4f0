// The record of what PlexSync put into an item, and of what was there before, as the columns `pushed`,
// `intent` and `before` keep it.
import * as v from 'valibot';
import { type BeforeValues, nothingBefore, type PushedValues } from '../../domain/mirror/values.ts';
import { fields } from '../../domain/base/plexItem.ts';
import { type Row, text } from '../file/sql.ts';

/** What PlexSync knows to be its own in a Plex item. */
export interface OwnValues {
  readonly pushed: PushedValues;
  /** `pushed` plus what was about to be written: PlexSync's own, should Plex show it. */
  readonly intent: PushedValues;
  /** What Plex had before the first write to each field. */
  readonly before: BeforeValues;
}

const pushedSchema = v.object({
  scalars: v.object({
    title: v.exactOptional(v.string()),
    titleSort: v.exactOptional(v.string()),
    summary: v.exactOptional(v.string()),
    originallyAvailableAt: v.exactOptional(v.string()),
    studio: v.exactOptional(v.string()),
    contentRating: v.exactOptional(v.string()),
  }),
  tags: v.object({
    genre: v.exactOptional(v.array(v.string())),
    label: v.exactOptional(v.array(v.string())),
    actor: v.exactOptional(v.array(v.string())),
    director: v.exactOptional(v.array(v.string())),
    collection: v.exactOptional(v.array(v.string())),
  }),
});

const beforeSchema = v.object({
  ...pushedSchema.entries,
  locked: v.array(v.picklist(fields)),
});

/** The record of a row that has one. What no longer parses counts as never pushed. */
export function ownValuesIn(found: Row): OwnValues {
  return {
    pushed: parsePushed(text(found, 'pushed')),
    intent: parsePushed(text(found, 'intent')),
    before: parseBefore(text(found, 'before')),
  };
}

function parseBefore(json: string): BeforeValues {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), beforeSchema), json);
  return parsed.success ? parsed.output : nothingBefore;
}

function parsePushed(json: string): PushedValues {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), pushedSchema), json);
  if (!parsed.success) return { scalars: {}, tags: {} };
  return parsed.output;
}

/** The columns of a scene of which nothing is known to be in Plex. */
export const nothing = '{"scalars":{},"tags":{}}';

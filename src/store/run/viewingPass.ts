// How far what goes both ways has come: the pass under way, the last ones, and when the next is due.
import * as v from 'valibot';
import { errorCodes } from '../../contract/errors.ts';
import { viewingFields } from '../../contract/viewingSettings.ts';
import type { Database } from '../file/database.ts';
import { readState, type Singleton, writeState } from '../file/state.ts';

const passSchema = v.object({
  /** As the settings had them last; empty = off. */
  fields: v.array(v.picklist(viewingFields)),
  /** Which user of which Plex it is about, as a digest; null before it was seen. */
  of: v.nullable(v.string()),
  /** The one under way; `after`: the last scene that a whole one has looked at. */
  underWay: v.nullable(v.object({ begunAt: v.number(), whole: v.boolean(), after: v.number() })),
  /** Unix ms: when the last one ended; when it began, from which on the next one looks. */
  endedAt: v.nullable(v.number()),
  since: v.nullable(v.number()),
  wholeBegunAt: v.nullable(v.number()),
  /** When the next one is due. */
  nextAt: v.number(),
  /** Why the last one did not come to its end. */
  problem: v.nullable(
    v.object({ code: v.picklist(errorCodes), message: v.string(), since: v.number() }),
  ),
});
export type ViewingPass = v.InferOutput<typeof passSchema>;
export const viewingPass: Singleton<ViewingPass> = { name: 'viewing', schema: passSchema };

/** When there is something to do, Unix ms; null = off. */
export function nextViewingAt(db: Database): number | null {
  const pass = readState(db, viewingPass);
  if (pass === null || pass.fields.length === 0) return null;
  return pass.underWay === null ? pass.nextAt : 0;
}

/** Due at once, and whole, when its settings were changed. Writes nothing while it is off and was. */
export function followViewing(db: Database, fields: ViewingPass['fields'], now: number): void {
  const known = readState(db, viewingPass);
  if (known === null ? fields.length === 0 : known.fields.join() === fields.join()) return;
  const begun = { fields, underWay: null, wholeBegunAt: null, nextAt: now, problem: null };
  const before = known ?? { of: null, endedAt: null, since: null };
  writeState(db, viewingPass, { ...before, ...begun });
}

/** None of its times may lie ahead of a clock that was put right. */
export function putViewingRight(db: Database, now: number): void {
  const known = readState(db, viewingPass);
  if (known === null) return;
  writeState(db, viewingPass, { ...known, underWay: null, since: null, nextAt: now });
}

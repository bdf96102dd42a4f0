// The forms of what Stash answers about plays, resume times and ratings. A value of another form is no
// value: taken for "none" it would be carried to Plex.
import * as v from 'valibot';
import { idSchema, timeSchema } from './schemas.ts';
import type { StashViewing } from './viewing.ts';

const time = v.pipe(timeSchema.entries.updated_at, v.transform(toMs));

/** Stash lists them newest first. */
const plays = v.pipe(
  v.array(time),
  v.transform((times): readonly number[] => times.toSorted((a, b) => a - b)),
);

const file = v.object({ duration: v.nullable(v.number()) });

export const viewingSchema = v.pipe(
  v.object({
    id: idSchema,
    play_history: plays,
    resume_time: v.nullable(v.pipe(v.number(), v.finite())),
    rating100: v.nullable(v.pipe(v.number(), v.safeInteger())),
    updated_at: time,
    files: v.array(file),
  }),
  v.transform((scene): StashViewing => {
    const longest = Math.max(0, ...scene.files.map(({ duration }) => duration ?? 0));
    return {
      sceneId: scene.id,
      plays: scene.play_history,
      resumeSeconds: Math.max(0, scene.resume_time ?? 0),
      rating100: scene.rating100,
      lastPlayedAt: scene.play_history.at(-1) ?? null,
      updatedAt: scene.updated_at,
      durationSeconds: longest > 0 ? longest : null,
    };
  }),
);

export const addedPlaySchema = v.object({ sceneAddPlay: v.object({ history: plays }) });
export const deletedPlaysSchema = v.object({ sceneDeletePlay: v.object({ history: plays }) });
export const savedResumeSchema = v.object({ sceneSaveActivity: v.literal(true) });
/** Null for a scene that a hook destroyed meanwhile. */
export const ratedSceneSchema = v.object({ sceneUpdate: v.nullable(v.object({ id: idSchema })) });

/** Below the second Stash keeps nothing. */
function toMs(text: string): number {
  return Math.floor(Date.parse(text) / 1000) * 1000;
}

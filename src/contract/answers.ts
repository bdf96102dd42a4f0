// Parts that many answers are made of.
import * as v from 'valibot';

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Unix milliseconds. */
export const time = v.pipe(v.number(), v.integer());
/** As Plex writes it. */
export const ratingKey = v.string();
/** What was done, for a person, in a sentence or a few. */
export const sentenceAnswer = v.object({ sentence: v.string() });

// What the operation check-settings takes and answers: settings as they would be, and what is wrong
// with them because of one of them.
import * as v from 'valibot';

export const checkSettingsArguments = v.strictObject({
  /** All of them but the token, which is not handed around. */
  settings: v.record(v.string(), v.unknown(), 'must be settings by their names'),
  /** The one that is to be changed. */
  changed: v.string('must be the name of a setting'),
});

export const checkSettingsAnswer = v.object({
  /** What would be wrong that is not wrong without it. */
  problems: v.array(v.object({ setting: v.string(), message: v.string() })),
});

export type CheckSettingsArguments = v.InferOutput<typeof checkSettingsArguments>;
export type CheckSettingsAnswer = v.InferOutput<typeof checkSettingsAnswer>;

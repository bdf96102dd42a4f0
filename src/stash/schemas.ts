// The forms of what Stash answers. Each message completes a sentence that begins with the field.
import * as v from 'valibot';
import type { Scene, SceneTag } from '../domain/base/scene.ts';

/** For valibot a list is a record too, and an empty one would read as "nothing set". */
const map = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is not a map',
);

/** A map of whatever: arguments, settings, data. */
export const anyMap = v.pipe(map, v.record(v.string(), v.unknown()));

const text = v.string('is not a text');
/** For an object, the message of a missing entry and of a value of another kind is the same. */
const notThere = 'is missing or of another kind';

export const idSchema = v.pipe(
  text,
  v.regex(/^[1-9]\d{0,14}$/, 'is not an id'),
  v.transform((id) => Number(id)),
);

/** Stash keeps an unset text as an empty one. */
const optionalText = v.pipe(
  v.nullable(text),
  v.transform((value) => (value === null || value.trim() === '' ? null : value)),
);

/** Stash keeps a date as precisely as it was typed (stashapp/stash `pkg/models/date.go`). */
const dateSchema = v.pipe(
  optionalText,
  v.check(
    (date) => date === null || isCalendarDate(date),
    'is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD',
  ),
);

const timestampSchema = v.pipe(
  text,
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, 'is not a time'),
);

const nameSchema = v.pipe(text, v.nonEmpty('is empty'));

export const namedEntries = { id: idSchema, name: nameSchema };
const namedSchema = v.object(namedEntries, notThere);

export const studioEntries = { ...namedEntries, parent_studio: v.nullable(namedSchema) };
const studioSchema = v.pipe(
  v.object(studioEntries, notThere),
  v.transform(({ id, name, parent_studio: parent }) => ({ id, name, parent })),
);
export const performerEntries = { ...namedEntries, disambiguation: optionalText };
export const tagEntries = { ...namedEntries, parents: v.array(namedSchema, 'is not a list') };
const bareTagSchema = v.pipe(
  v.object(namedEntries, notThere),
  v.transform((tag): SceneTag => ({ ...tag, parents: [] })),
);

export const fileSchema = v.pipe(
  v.object(
    {
      path: v.pipe(text, v.nonEmpty('is empty')),
      size: v.pipe(
        v.number('is not a number of bytes'),
        v.safeInteger('is not a number of bytes'),
        v.minValue(0, 'is not a number of bytes'),
      ),
      duration: v.nullable(v.number('is not a number of seconds')),
    },
    notThere,
  ),
  v.transform(({ path, size, duration }) => ({
    path,
    size,
    // What Stash could not measure is 0 or less.
    durationSeconds: duration !== null && duration > 0 ? duration : null,
  })),
);

const sceneEntries = {
  id: idSchema,
  title: optionalText,
  code: optionalText,
  details: optionalText,
  date: dateSchema,
  updated_at: timestampSchema,
  director: optionalText,
  organized: v.boolean('is not on or off'),
  rating100: v.nullable(v.pipe(v.number('is not a number'), v.safeInteger('is not a number'))),
  paths: v.object({ screenshot: v.nullable(text) }, notThere),
  studio: v.nullable(studioSchema),
  performers: v.array(v.object(performerEntries, notThere), 'is not a list'),
  groups: v.array(v.object({ group: namedSchema }, notThere), 'is not a list'),
  urls: v.array(text, 'is not a list'),
  files: v.array(fileSchema, 'is not a list'),
};

/** @param tag of one of the scene's tags */
function sceneSchemaWith(tag: v.GenericSchema<unknown, SceneTag>): v.GenericSchema<unknown, Scene> {
  return v.pipe(
    v.object({ ...sceneEntries, tags: v.array(tag, 'is not a list') }, notThere),
    v.transform(
      ({ updated_at: updatedAt, groups, paths, ...rest }): Scene => ({
        ...rest,
        updatedAt,
        cover: paths.screenshot ?? '',
        groups: groups.map(({ group }) => group),
      }),
    ),
  );
}

export const sceneSchema = sceneSchemaWith(v.object(tagEntries, notThere));
/** For scenes whose tags were asked for without their parents: none is told of. */
export const sceneSchemaWithoutTagParents = sceneSchemaWith(bareTagSchema);

export const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const idsSchema = v.array(v.object({ id: idSchema }));

export const sceneIdsPageSchema = v.object({
  findScenes: v.object({ count: countSchema, scenes: idsSchema }),
});

/** Of a scene, performer, studio, tag or group. */
export const timeSchema = v.object({ id: idSchema, updated_at: timestampSchema });

export const sceneTimesPageSchema = v.object({
  findScenes: v.object({ count: countSchema, scenes: v.array(timeSchema) }),
});

/** An empty queue is null. */
export const jobsSchema = v.object({
  jobQueue: v.nullable(
    v.array(v.object({ id: v.string(), status: v.string(), description: v.string() })),
  ),
});

export const taskSchema = v.object({ runPluginTask: v.string() });

export const operationSchema = v.object({ runPluginOperation: v.unknown() });

/** Files are looked at one by one. */
export const sceneFilesPageSchema = v.object({
  findScenes: v.object({
    count: countSchema,
    scenes: v.array(v.object({ id: idSchema, files: v.optional(v.unknown()) })),
  }),
});

export const scenePathsSchema = v.object({
  findScenes: v.object({
    scenes: v.array(v.object({ id: idSchema, files: v.array(v.object({ path: v.string() })) })),
  }),
});

export const settingsSchema = v.object({
  configuration: v.object({ plugins: v.pipe(map, v.record(v.string(), anyMap)) }),
});

export const apiKeySchema = v.object({
  configuration: v.object({ general: v.object({ apiKey: v.string() }) }),
});

export const versionSchema = v.object({
  version: v.object({ version: v.nullable(v.string()) }),
});

/** Go answers an empty list as null where the schema lets it. */
export const pluginsSchema = v.object({
  plugins: v.nullable(v.array(v.object({ id: v.string(), enabled: v.boolean() }))),
});

/** What every GraphQL server answers, before anything is known of `data`. */
export const answerSchema = v.object({
  data: v.nullish(anyMap, null),
  errors: v.nullish(
    v.array(
      v.object({
        message: v.string(),
        path: v.nullish(v.array(v.union([v.string(), v.number()])), []),
      }),
    ),
    [],
  ),
});

/** Year 1 is what Stash answers for a date in its database that it cannot read. */
function isCalendarDate(date: string): boolean {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(date);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)];
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return year > 1 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
}

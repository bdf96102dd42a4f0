// What an edit must be before it leaves for Plex: known fields, values that a request can carry and
// that Plex is known to keep. Plex itself answers 200 to nearly anything.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import {
  type Field,
  fields,
  type ItemEdit,
  type ScalarField,
  scalarFields,
  tagFields,
} from '../domain/base/plexItem.ts';
import { encodedBytes } from '../domain/base/text.ts';

/** Percent-encoded bytes that each field may take. */
export type EditLimits = Readonly<Record<ScalarField, number>>;

/**
 * More than that in one value no server takes: Node's own stop at 16 KB for the whole head of a
 * request, others at half of it. What Plex had in a field before PlexSync, and gets back when a
 * scene is withdrawn, is bounded by this alone.
 */
const maxValueBytes = 16_000;
/** Also of a person's tag, which goes out again with those of Stash: no bound of Plex's is known. */
const maxTagBytes = 4_000;

// Those above U+007F are let through: texts that once came through a wrong code page have them, and
// such a text of Plex's own goes back as it was. What comes from Stash has none (domain/text.ts).
const controls = /(?![\n\r\t\u0080-\u009f])\p{Cc}/u;
const breaks = /[\n\r]/;

type Text = v.GenericSchema<string>;

const clean = v.pipe(
  v.string('is no text'),
  v.check((text) => text.isWellFormed(), 'holds half a character'),
  v.check((text) => !controls.test(text), 'holds a control character'),
);
const line = v.pipe(
  clean,
  v.check((text) => !breaks.test(text), 'has more than one line'),
);
const date = v.pipe(
  line,
  v.check((text) => text === '' || isDay(text), 'is no date like 2024-05-17'),
);

/** Of the scalar fields that are not one line of any text. */
const forms: Partial<Record<ScalarField, Text>> = { summary: clean, originallyAvailableAt: date };

function within(schema: Text, maxBytes: number): Text {
  // A UTF-16 unit takes nine bytes at most: counting is for long texts only.
  const fits = (text: string): boolean =>
    text.length * 9 <= maxBytes || encodedBytes(text) <= maxBytes;
  return v.pipe(schema, v.check(fits, `is longer than the ${maxBytes} bytes that it may take`));
}

/** A day that the calendar has. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

const tags = v.array(
  v.pipe(
    within(line, maxTagBytes),
    v.check((name) => name.trim() !== '', 'holds a tag without a name'),
  ),
  'is no list of tags',
);

/** An object of nothing but these fields, each of which may be left out. */
function only<Name extends string>(
  names: readonly Name[],
  schemaOf: (name: Name) => v.GenericSchema,
): v.GenericSchema {
  const entries = Object.fromEntries(names.map((name) => [name, v.exactOptional(schemaOf(name))]));
  return v.strictObject(entries, 'is no field that PlexSync writes');
}

function schemaFor(limitOf: (field: ScalarField) => number): v.GenericSchema {
  return v.strictObject({
    scalars: only(scalarFields, (field) => within(forms[field] ?? line, limitOf(field))),
    tags: only(tagFields, () => tags),
    standing: v.exactOptional(only(tagFields, () => tags)),
    // As Plex had them: they go back unread.
    roleTexts: v.exactOptional(v.record(v.string(), within(clean, maxValueBytes))),
    removeTags: only(tagFields, () => tags),
    locks: only<Field>(fields, () => v.boolean('has a lock that is neither on nor off')),
  });
}

const anyEdit = schemaFor(() => maxValueBytes);

/**
 * Refuses an edit that must not go out, whoever made it.
 *
 * @throws PlexSyncError `edit-invalid` with the field by its write name. The value is not repeated.
 */
export function checkEdit(edit: ItemEdit): void {
  check(anyEdit, edit);
}

/** The same with bounds of the caller's for each field: made once, since that costs most. */
export function editCheck(limits: EditLimits): (edit: ItemEdit) => void {
  const schema = schemaFor((field) => limits[field]);
  return (edit) => {
    check(schema, edit);
  };
}

function check(schema: v.GenericSchema, edit: ItemEdit): void {
  const result = v.safeParse(schema, edit, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return;
  const [issue] = result.issues;
  const [part, name] = (v.getDotPath(issue) ?? 'edit').split('.');
  const field = name ?? part ?? 'edit';
  const message = `Not sent to Plex: ${field} ${issue.message}.`;
  throw new PlexSyncError('edit-invalid', message, { field });
}

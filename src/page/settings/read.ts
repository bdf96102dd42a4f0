// Reads what Stash answered, of which a few parts are wanted: what is not as it should be counts as
// absent. By hand, since a library of schemas would be the largest part of this page.

export type Fields = Readonly<Record<string, unknown>>;

/** Null where it is none. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

/** The value at the end of these names, one within the other; undefined where one is missing. */
export function within(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => fieldsOf(inner)?.[name], value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** '' where it is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Undefined where it is no JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

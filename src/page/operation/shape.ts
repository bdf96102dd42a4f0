// The form of a JSON document in few words, and whether a document has it. The answers' schemas are
// too large for a page; the build makes these of them (`scripts/answerShapes.ts`).

/**
 * `s` text, `n` number, `b` yes or no, `u` anything. `?` and a form: it or null. `*` and a form: a list
 * of it. `%` and a form: it by name. `|` and forms: one of them. `=` and values: one of them. An object
 * has at least the entries named; one whose name ends in `?` may be missing.
 */
export type Shape =
  | 's'
  | 'n'
  | 'b'
  | 'u'
  | readonly ['?' | '*' | '%', Shape]
  | readonly ['|', ...Shape[]]
  | readonly ['=', ...(string | number | boolean | null)[]]
  | { readonly [name: string]: Shape };

export function fits(shape: Shape, value: unknown): boolean {
  if (shape === 'u') return true;
  if (shape === 's') return typeof value === 'string';
  if (shape === 'n') return typeof value === 'number';
  if (shape === 'b') return typeof value === 'boolean';
  return isComposed(shape) ? fitsComposed(shape, value) : fitsObject(shape, value);
}

type Composed = Extract<Shape, readonly unknown[]>;

function isComposed(shape: Exclude<Shape, string>): shape is Composed {
  return Array.isArray(shape);
}

function fitsComposed(shape: Composed, value: unknown): boolean {
  switch (shape[0]) {
    case '?':
      return value === null || fits(shape[1], value);
    case '*':
      return Array.isArray(value) && value.every((one) => fits(shape[1], one));
    case '%':
      return isObject(value) && Object.values(value).every((one) => fits(shape[1], one));
    case '|': {
      const [, ...all] = shape;
      return all.some((one) => fits(one, value));
    }
    case '=': {
      const [, ...all] = shape;
      return all.some((one) => one === value);
    }
  }
}

function fitsObject(shape: Readonly<Record<string, Shape>>, value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.entries(shape).every(([name, form]) => {
    const isOptional = name.endsWith('?');
    const found = value[isOptional ? name.slice(0, -1) : name];
    return (isOptional && found === undefined) || fits(form, found);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Reads as much of a JSON document as is there. A spooled event is cut at 32 KB, so JSON.parse
// would refuse many of them although all that matters stands at their front.

/** An object without a prototype, so that no key of the document can reach one. */
export type JsonObject = { [key: string]: unknown };

export interface JsonPrefix {
  /** The value as far as it was readable; undefined if not even its beginning was. */
  readonly value: unknown;
  /** Objects and arrays whose end was not seen: entries may be missing. */
  readonly open: ReadonlySet<object>;
}

interface Found {
  readonly value: unknown;
  /** False = its end was not seen, and nothing after it can be read. */
  readonly whole: boolean;
}

/**
 * Beyond this depth the rest counts as torn. What is looked for lies at most four levels deep, and
 * a recursion that follows 30,000 brackets would overflow the stack.
 */
const deepest = 64;

const space = /[ \t\r\n]*/y;
const string = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;
/** Only with the sign that ends it: 12 at the end of a cut text may be the beginning of 123. */
const word = /(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=[ \t\r\n,\]}])/y;

/**
 * @param text The beginning of a JSON document, or anything else.
 * @returns Everything before the first place where the text ends or stops being JSON; a text,
 *   number or word that is cut is left out. Never throws.
 */
export function readJsonPrefix(text: string): JsonPrefix {
  const open = new Set<object>();
  let at = 0;

  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };

  const take = (sign: string): boolean => {
    match(space);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };

  const scalar = (): Found | null => {
    const found = match(text[at] === '"' ? string : word);
    if (found === '') return null;
    try {
      return { value: JSON.parse(found), whole: true };
    } catch {
      return null;
    }
  };

  const value = (depth: number): Found | null => {
    match(space);
    if (text[at] === '{') return object(depth);
    if (text[at] === '[') return array(depth);
    return scalar();
  };

  const object = (depth: number): Found => {
    const into: JsonObject = { __proto__: null };
    const whole = container(depth, '}', () => {
      match(space);
      const key = scalar();
      if (typeof key?.value !== 'string' || !take(':')) return false;
      const entry = value(depth + 1);
      if (entry !== null) into[key.value] = entry.value;
      return entry?.whole ?? false;
    });
    if (!whole) open.add(into);
    return { value: into, whole };
  };

  const array = (depth: number): Found => {
    const into: unknown[] = [];
    const whole = container(depth, ']', () => {
      const entry = value(depth + 1);
      if (entry !== null) into.push(entry.value);
      return entry?.whole ?? false;
    });
    if (!whole) open.add(into);
    return { value: into, whole };
  };

  /** Reads entries up to `end`; true if that was seen. */
  const container = (depth: number, end: string, entry: () => boolean): boolean => {
    at += 1;
    if (depth >= deepest) return false;
    if (take(end)) return true;
    do {
      if (!entry()) return false;
    } while (take(','));
    return take(end);
  };

  return { value: value(0)?.value, open };
}

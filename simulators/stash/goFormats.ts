// How Go writes JSON and times, since plugins and clients of Stash read bytes that Go wrote.

/**
 * JSON as Go's `encoding/json` writes it: compact, with `&`, `<`, `>`, U+2028 and U+2029 escaped,
 * and unpaired surrogates replaced (a Go string cannot hold them). Objects are written in the
 * order of their keys, like Go's structs; a `Map` is written in its own order (see `goMap`).
 */
export function goJson(value: unknown): string {
  if (typeof value === 'string') return goString(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, inner]) => `${goString(String(key))}:${goJson(inner)}`).join(',')}}`;
  }
  if (!isRecord(value)) return JSON.stringify(value ?? null);
  const parts: string[] = [];
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) parts.push(`${goString(key)}:${goJson(value[key])}`);
  }
  return `{${parts.join(',')}}`;
}

function goString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * Every object in the value as a `Map` with its keys sorted by their bytes, as Go writes its maps.
 * (A plain object would not do: JavaScript puts keys that look like numbers first.)
 */
export function goMap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(goMap);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return new Map(keys.map((key) => [key, goMap(value[key])]));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
  );
}

/** RFC 3339 in the given offset, cut to seconds: the form of `updated_at` (pkg/sqlite/timestamp.go). */
export function rfc3339Seconds(atMs: number, offsetMinutes: number): string {
  return `${localPart(atMs, offsetMinutes).slice(0, 19)}${zone(offsetMinutes)}`;
}

/** RFC 3339 with what there is below the second and no trailing zeros: the form of a job's times. */
export function rfc3339Nano(atMs: number, offsetMinutes: number): string {
  const text = localPart(atMs, offsetMinutes)
    .slice(0, 23)
    .replace(/\.?0+$/, '');
  return `${text}${zone(offsetMinutes)}`;
}

/** This machine's offset from UTC at that moment, in minutes, east positive. */
export function systemOffsetMinutes(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset();
}

function localPart(atMs: number, offsetMinutes: number): string {
  return new Date(atMs + offsetMinutes * 60_000).toISOString();
}

function zone(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'Z';
  const minutes = Math.abs(offsetMinutes);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}`;
}

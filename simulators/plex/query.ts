/** Reads a request target: path and query as ordered pairs, since order and repetition matter. */

export interface QueryPair {
  readonly key: string;
  readonly value: string;
}

export interface Target {
  readonly path: string;
  readonly pairs: readonly QueryPair[];
}

/**
 * Percent-decodes one part of a query. `+` is a space: python-plexapi writes its filters with
 * `urlencode` (`library.py _validateFilterField`) and a real server understands them.
 */
export function decodePart(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** Splits at the first `=` only: in `title==foo` the second one belongs to the operator. */
export function parseTarget(target: string): Target {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  const pairs = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals === -1
        ? { key: decodePart(part), value: '' }
        : { key: decodePart(part.slice(0, equals)), value: decodePart(part.slice(equals + 1)) };
    });
  return { path: path.length > 1 ? path.replace(/\/+$/, '') : path, pairs };
}

/** The last value of a plain argument. */
export function argument(pairs: readonly QueryPair[], key: string): string | undefined {
  return pairs.findLast((pair) => pair.key === key)?.value;
}

/**
 * An `X-Plex-…` value; each may be a header or a query argument (OpenAPI, API Info, Headers).
 * Headers come as Node lists them raw: name, value, name, value.
 */
export function plexHeader(
  rawHeaders: readonly string[],
  pairs: readonly QueryPair[],
  name: string,
): string | undefined {
  const wanted = name.toLowerCase();
  const inQuery = pairs.findLast((pair) => pair.key.toLowerCase() === wanted);
  if (inQuery) return inQuery.value;
  const at = rawHeaders.findIndex((part, i) => i % 2 === 0 && part.toLowerCase() === wanted);
  return at === -1 ? undefined : rawHeaders[at + 1];
}

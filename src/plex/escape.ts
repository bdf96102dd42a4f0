// Percent-encoding of values in Plex's query strings. Pure.

/**
 * Percent-encoding as python-plexapi's `quote(value, safe='')` does it: everything but letters,
 * digits and `_.-~`, a space as `%20`. Half a surrogate pair, which UTF-8 cannot say, becomes U+FFFD.
 */
export function escapeValue(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

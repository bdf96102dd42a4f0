// Text as Plex should get it: normalised, free of control characters, and cut where a request
// would grow too long.

const ellipsis = '…';

// Controls but for line feed; also lone surrogates, which have no UTF-8 form and make
// encodeURIComponent throw. Joiners (U+200C, U+200D) and direction marks carry meaning: they stay.
const controls = /(?!\n)\p{Cc}|\ufeff/gu;

/**
 * NFC, line breaks as `\n`, no other control character, no blanks at the ends. A tab becomes a
 * blank. Joined emoji and right-to-left text come out as they went in.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(controls, '')
    .normalize('NFC')
    .trim();
}

/** The same on one line: for titles and names. */
export function cleanLine(text: string): string {
  // Not by one pattern: a search for blanks around a line break is quadratic in long blanks.
  const lines = cleanText(text).split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Length of the text in a query string, in bytes: a request is bounded by it, not by characters. */
export function encodedBytes(text: string): number {
  return encodeURIComponent(text).replace(/[!'()*]/g, '%00').length;
}

/**
 * The text itself if it fits, else its longest beginning that ends at a word (or, where one word
 * fills it, at a grapheme, so that no emoji is torn) with an ellipsis, within `maxBytes` encoded.
 */
export function cutToEncodedBytes(text: string, maxBytes: number): string {
  if (encodedBytes(text) <= maxBytes) return text;
  const budget = maxBytes - encodedBytes(ellipsis);
  let bytes = 0;
  let end = 0;
  let wordEnd = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(text)) {
    if (/^\s/.test(segment)) wordEnd = index;
    bytes += encodedBytes(segment);
    if (bytes > budget) break;
    end = index + segment.length;
  }
  // A cut at the last blank must not throw most of a text without blanks away.
  const cut = wordEnd > end / 2 ? wordEnd : end;
  return text.slice(0, cut).trimEnd() + ellipsis;
}

/** The form in which two names of a tag are the same tag: Plex may change case and outer blanks. */
export function tagKey(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

/** The form in which two scalar values are the same: as stored by servers of either line ending. */
export function scalarKey(value: string): string {
  return value.replace(/\r\n?/g, '\n').normalize('NFC').trim();
}

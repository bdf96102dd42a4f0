// Text from outside (titles, paths) made fit for a terminal: without control characters, no wider
// than the screen, in columns.

export interface Screen {
  /** Columns of the terminal; null where it is not known, as in a pipe: nothing is cut there. */
  readonly width: number | null;
}

/**
 * @param columns of the terminal, if the output goes to one
 * @param variable value of COLUMNS
 */
export function screenOf(columns: number | undefined, variable: string | undefined): Screen {
  const width = columns ?? (/^\d{1,5}$/.test(variable ?? '') ? Number(variable) : 0);
  return { width: width >= 20 ? width : null };
}

/** Without what a terminal obeys: control characters, and marks that turn the writing direction. */
export function plain(text: string): string {
  return text
    .replace(/[\t\n\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  // Nearly all text is ASCII, for which no segments have to be made.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** The text in at most `width` columns; what is too long ends in an ellipsis. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${beginning(text, width - 1)}…`;
}

/** The same for a path, whose end says most: the ellipsis stands before its last part. */
export function cutPath(path: string, width: number): string {
  if (widthOf(path) <= width) return path;
  const end = ending(path, Math.ceil(((width - 1) * 2) / 3));
  return `${beginning(path, width - 1 - widthOf(end))}…${end}`;
}

function beginning(text: string, width: number): string {
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += wide.test(segment) ? 2 : 1;
    if (used > width) break;
    kept += segment;
  }
  return kept;
}

function ending(text: string, width: number): string {
  const segments = [...segmenter.segment(text)].map(({ segment }) => segment);
  let used = 0;
  let from = segments.length;
  while (from > 0) {
    used += wide.test(segments[from - 1] ?? '') ? 2 : 1;
    if (used > width) break;
    from -= 1;
  }
  return segments.slice(from).join('');
}

const gap = 2;
/** Narrower than this a cell says nothing: the line is rather broken by the terminal. */
const narrowest = 12;

/** How a column gives way where the screen is too narrow; other columns never do. */
export type Giving = 'end' | 'path';

/**
 * Rows of cells as lines of aligned columns, two blanks between them.
 * @param giving by number of the column
 */
export function columns(
  rows: readonly (readonly string[])[],
  { width }: Screen = { width: null },
  giving: Readonly<Record<number, Giving>> = {},
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
    });
  }
  const total = (): number => widths.reduce((sum, one) => sum + one + gap, -gap);
  while (width !== null && total() > width) {
    const at = widestGiving(widths, giving);
    if (at === null) break;
    widths[at] = (widths[at] ?? 0) - 1;
  }
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const room = widths[at] ?? 0;
        const shown = giving[at] === 'path' ? cutPath(cell, room) : cut(cell, room);
        return shown + ' '.repeat(Math.max(0, room - widthOf(shown)));
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

function widestGiving(
  widths: readonly number[],
  giving: Readonly<Record<number, Giving>>,
): number | null {
  let widest: number | null = null;
  widths.forEach((one, at) => {
    if (giving[at] === undefined || one <= narrowest) return;
    if (widest === null || one > (widths[widest] ?? 0)) widest = at;
  });
  return widest;
}

/** Words in lines of at most `width` columns; those of a longer word alone are broken nowhere. */
export function wrapped(text: string, { width }: Screen, indent = ''): readonly string[] {
  if (width === null) return [indent + text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(indent) + widthOf(longer) > width) {
      lines.push(indent + line);
      line = word;
    } else line = longer;
  }
  return [...lines, indent + line];
}

/** A number with separators: 11,902. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** Unix ms as a person's clock shows it, to the minute. */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE').slice(0, 16);
}

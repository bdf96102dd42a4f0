// Text in a given width.

/** The text itself, or its beginning and an ellipsis; no letter is torn. */
export function cut(text: string, width: number): string {
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}

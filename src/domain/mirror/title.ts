// How a scene is called in Plex: by the person's template, and after its file where it has no title.
import type { Template, TemplateName, TemplatePiece } from '../../contract/template.ts';
import type { Scene } from '../base/scene.ts';
import { cleanLine } from '../base/text.ts';

/** The title, or the primary file's name without its ending; '' for a scene without either. */
export function shownTitle({ title, files }: Pick<Scene, 'title' | 'files'>): string {
  const typed = cleanLine(title ?? '');
  return typed === '' ? cleanLine(fileTitle(files[0]?.path ?? '')) : typed;
}

/**
 * Whether a title in Plex is no more than the file's name, as its scanner gives it to a video that
 * nobody named; dots, lines and blanks make no difference.
 */
export function isFileName(title: string, paths: readonly string[]): boolean {
  const letters = (text: string): string =>
    text
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '');
  return paths.some((path) => letters(fileTitle(path)) === letters(title));
}

/** A backslash is a letter of a name where the path is not Windows's. */
function fileTitle(path: string): string {
  const name = path.split(path.startsWith('/') ? '/' : /[\\/]/).at(-1) ?? '';
  return name.replace(/(?<=.)\.[^.\s]{1,8}$/, '');
}

/**
 * The template with the scene's values. An empty one takes the text before it along, the first
 * one's text stays with it, and brackets go with all that is in them: so nothing is left to show
 * that something is missing.
 */
export function renderTemplate(
  template: Template,
  values: Readonly<Record<TemplateName, string>>,
): string {
  return cleanLine(render(template, values) ?? '');
}

/** null if everything that the pieces name is empty. */
function render(
  pieces: readonly TemplatePiece[],
  values: Readonly<Record<TemplateName, string>>,
): string | null {
  let written: string | null = null;
  let before = '';
  let lastIsThere = false;
  let isFirst = true;
  for (const piece of pieces) {
    if (namesNothing(piece)) {
      before += textOf(piece);
      continue;
    }
    const value = valueOf(piece, values);
    lastIsThere = value !== null;
    if (value !== null)
      written = written === null ? (isFirst ? before : '') + value : written + before + value;
    before = '';
    isFirst = false;
  }
  return written !== null && lastIsThere ? written + before : written;
}

function valueOf(
  piece: TemplatePiece,
  values: Readonly<Record<TemplateName, string>>,
): string | null {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'name') return values[piece.name] === '' ? null : values[piece.name];
  const inside = render(piece.pieces, values);
  return inside === null ? null : piece.open + inside + piece.close;
}

/** Brackets around words alone are text like any other. */
function namesNothing(piece: TemplatePiece): boolean {
  if (piece.kind === 'group') return piece.pieces.every(namesNothing);
  return piece.kind === 'text';
}

function textOf(piece: TemplatePiece): string {
  if (piece.kind === 'text') return piece.text;
  return piece.kind === 'name' ? '' : piece.open + piece.pieces.map(textOf).join('') + piece.close;
}

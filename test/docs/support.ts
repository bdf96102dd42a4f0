// Reads the documents as the tests about them need them: text, tables, headings, bits of code.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** Every document of the repository, by its path from the root. */
export const documents: readonly string[] = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('docs/**/*.md', { cwd: root }),
].toSorted();

/** @param path from the root of the repository */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The cells of all table rows whose first cell matches, trimmed. A `\|` inside a cell is none. */
export function rowsOf(text: string, firstCell: RegExp): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, line.lastIndexOf('|')).split(/(?<!\\)\|/))
    .map((cells) => cells.map((cell) => cell.trim()))
    .filter(([first = '']) => firstCell.test(first));
}

/** The cells below every table head that is called so, of all tables of the text. */
export function cellsBelow(text: string, head: string): readonly string[] {
  const cells: string[] = [];
  let column = -1;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) {
      column = -1;
      continue;
    }
    const row = rowsOf(line, /./)[0] ?? [];
    if (column >= 0 && !/^-+$/.test(row[0] ?? '')) cells.push(row[column] ?? '');
    if (column < 0) column = row.indexOf(head);
  }
  return cells;
}

/** What stands between backticks, outside of fenced blocks. */
export function codeIn(text: string): readonly string[] {
  const prose = text.replace(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** From a heading of the second level to the next one. @throws Error if there is none */
export function sectionOf(text: string, heading: string): string {
  const begin = `\n${text}`.indexOf(`\n## ${heading}\n`);
  if (begin < 0) throw new Error(`there is no heading "## ${heading}"`);
  const rest = text.slice(begin + `## ${heading}\n`.length);
  const end = rest.indexOf('\n## ');
  return end < 0 ? rest : rest.slice(0, end);
}

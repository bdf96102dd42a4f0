// Turns a path as Stash sees it into the path as Plex sees it and back, and both into forms that
// compare.
import type { PathRule } from '../../contract/pathRules.ts';

/** The forms of a path that comparing needs. */
export interface PathForms {
  readonly raw: string;
  /** "/" between names, one way to write each root, NFC; the letter case as written. */
  readonly cased: string;
  /** Equal for two spellings of one file: `cased`, for a Windows path without case. */
  readonly key: string;
  /** Whether it is a Windows path: a drive or a network share. */
  readonly windows: boolean;
}

export function pathForms(path: string): PathForms {
  const cased = casedForm(path);
  const windows = isWindowsPath(cased);
  return { raw: path, cased, key: windows ? withoutCase(cased) : cased, windows };
}

/**
 * A path in the form in which two spellings of the same file are equal: "/" between names, once,
 * none at the end; NFC; no `\\?\`. A Windows path, known by its drive or its two leading
 * separators, is without case as a whole, as Windows file systems do not tell case apart.
 */
export function pathKey(path: string): string {
  return pathForms(path).key;
}

/** The last component of a path of either system, comparable: NFC and without case. */
export function nameKey(path: string): string {
  const cased = casedForm(path);
  return withoutCase(cased.slice(cased.lastIndexOf('/') + 1));
}

/**
 * The comparable path at which Plex should have a file of Stash's. The longest rule that fits
 * decides, of two for one folder the first; without one, both see the same path.
 */
export function plexPathKey(stashPath: string, rules: readonly PathRule[]): string {
  return pathKey(plexPath(stashPath, rules));
}

/**
 * The same as Plex would spell it: the rule's text as typed, then the names as Stash has them,
 * between separators of Plex's system. Without a rule that fits, the path as it is.
 */
export function plexPath(stashPath: string, rules: readonly PathRule[]): string {
  return mapped(
    stashPath,
    rules.map((rule) => ({ from: rule.stash, to: rule.plex })),
  );
}

/**
 * The reverse: the comparable path at which Stash should have a file of Plex's. The longest Plex
 * folder that fits decides, of two rules for one Plex folder the first.
 */
export function stashPathKey(plexFile: string, rules: readonly PathRule[]): string {
  return pathKey(
    mapped(
      plexFile,
      rules.map((rule) => ({ from: rule.plex, to: rule.stash })),
    ),
  );
}

/**
 * What is before the last separator, in the path's own spelling. A root is its own folder: "/",
 * "D:\", "\\server\share". Of a bare name it is ''.
 */
export function folderOf(path: string): string {
  const posix = isPosixPath(path);
  const root = posix
    ? '/'
    : (/^(?:[\\/]{2}\?[\\/]+)?[A-Za-z]:(?:[\\/]|$)/.exec(path)?.[0] ??
      /^[\\/]{2,}(?:\?[\\/]+UNC[\\/]+)?[^\\/]+(?:[\\/]+[^\\/]+)?/i.exec(path)?.[0] ??
      /^\\?/.exec(path)?.[0] ??
      '');
  const folder = path.replace(posix ? /\/+[^/]*\/*$/ : /[\\/]+[^\\/]*[\\/]*$/, '');
  if (folder === path) return root;
  return folder.length < root.length ? root : folder;
}

/** Whether a folder is the other or above it; both are keys. */
export function isWithin(key: string, folderKey: string): boolean {
  if (folderKey === '/') return key.startsWith('/') && !key.startsWith('//');
  return (
    key.startsWith(folderKey) && (key.length === folderKey.length || key[folderKey.length] === '/')
  );
}

/**
 * Case as Windows file systems ignore it: letter by letter, so nothing grows ("İ" stays) and the
 * two small sigmas are one. Composing again: "J̌" has no composed form, "ǰ" has.
 */
export function withoutCase(text: string): string {
  const lower = text.toLowerCase();
  const folded = lower.length === text.length ? lower : lowerByLetter(text);
  return folded.replaceAll('ς', 'σ').normalize('NFC');
}

function lowerByLetter(text: string): string {
  let result = '';
  for (const letter of text) {
    const lower = letter.toLowerCase();
    result += lower.length === letter.length ? lower : letter;
  }
  return result;
}

function casedForm(path: string): string {
  const text = path.normalize('NFC');
  if (isPosixPath(text)) return trimmed(text);
  const slashed = text.replaceAll('\\', '/');
  if (!slashed.startsWith('//')) return trimmed(slashed);
  const share = `/${trimmed(slashed.replace(/^\/+/, '/'))}`;
  if (share === '//') return '/';
  return share.replace(
    /^\/\/\?\/(?:UNC\/\?\/)*(?:(UNC\/)(?=.)|(?=[A-Za-z]:(?:\/|$)))/i,
    (_, unc: string | undefined) => (unc === undefined ? '' : '//'),
  );
}

/**
 * A path that begins with a single "/". There a backslash is a character like any other: Stash and
 * Plex on such a system hand names on as the file system has them, and taking `a\b` for `a/b` would
 * take two files for one. "//server/share" is a network share; "///x" and "//" are "/x" and "/".
 */
function isPosixPath(path: string): boolean {
  return path.startsWith('/') && !/^\/\/[^/]/.test(path);
}

function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:(?:[\\/]|$)|[\\/]{2})/.test(path) && !isPosixPath(path);
}

function trimmed(slashed: string): string {
  const single = slashed.includes('//') ? slashed.replace(/\/{2,}/g, '/') : slashed;
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single;
}

function mapped(
  path: string,
  rules: readonly { readonly from: string; readonly to: string }[],
): string {
  const key = pathKey(path);
  let best: { readonly from: string; readonly to: string } | null = null;
  for (const rule of rules) {
    const from = pathKey(rule.from);
    if (isWithin(key, from) && (best === null || from.length > best.from.length)) {
      best = { from, to: rule.to };
    }
  }
  if (best === null) return path;
  // Names are counted, not cut by length: the key's spelling may be shorter than the path's.
  const below = key === best.from ? '' : key.slice(best.from === '/' ? 0 : best.from.length);
  const count = below.split('/').length - 1;
  const names = path.split(isPosixPath(path) ? /\/+/ : /[\\/]+/).filter((name) => name !== '');
  const rest = names.slice(names.length - count);
  const windows = isWindowsPath(best.to);
  const base = best.to.replace(windows ? /[\\/]+$/ : /\/+$/, '');
  // A root on its own keeps its separator.
  if (count === 0) return base === '' || base.endsWith(':') ? best.to : base;
  return [base, ...rest].join(windows ? '\\' : '/');
}

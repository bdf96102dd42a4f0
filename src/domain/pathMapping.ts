// Turns a path as Stash sees it into the path as Plex sees it, and both into forms that compare.
import type { PathRule } from '../contract/pathRules.ts';

/** A path in the form in which two spellings of the same file are equal. */
export function pathKey(path: string): string {
  return path
    .replace(/^\\\\\?\\(UNC\\)?/, (_, unc: string | undefined) => (unc === undefined ? '' : '\\\\'))
    .replaceAll('\\', '/')
    .replace(/^[A-Z]:/, (drive) => drive.toLowerCase())
    .replace(/(?<!^)\/{2,}/g, '/')
    .replace(/(?<=.)\/+$/, '')
    .normalize('NFC');
}

/** The last component of a path of either system, comparable: NFC and lower case. */
export function nameKey(path: string): string {
  return (pathKey(path).split('/').at(-1) ?? '').toLowerCase();
}

/**
 * The comparable path at which Plex should have a file of Stash's. The longest rule that fits
 * decides; without one, both see the same path.
 */
export function plexPathKey(stashPath: string, rules: readonly PathRule[]): string {
  const key = pathKey(stashPath);
  let best: { readonly from: string; readonly to: string } | null = null;
  for (const rule of rules) {
    const from = pathKey(rule.stash);
    const fits = key === from || key.startsWith(from === '/' ? '/' : `${from}/`);
    if (fits && (best === null || from.length > best.from.length)) {
      best = { from, to: pathKey(rule.plex) };
    }
  }
  if (best === null) return key;
  const rest = key.slice(best.from === '/' ? 0 : best.from.length);
  return pathKey(`${best.to}${rest.startsWith('/') || rest === '' ? rest : `/${rest}`}`);
}

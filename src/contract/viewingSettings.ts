// The settings of what goes both ways between Stash and one user of Plex, and their check.
import { nearest } from './nearest.ts';
import { type Raw, readText, type Report } from './settingValues.ts';

export const viewingFields = ['watched', 'resume', 'rating'] as const;
/** What can go both ways: whether it was watched, where somebody stopped, the rating. */
export type ViewingField = (typeof viewingFields)[number];

export const viewingRules = ['later', 'plex', 'stash'] as const;
/** Which side counts where both have changed. */
export type ViewingRule = (typeof viewingRules)[number];

export interface ViewingSettings {
  /** Each once; empty = off. */
  readonly fields: readonly ViewingField[];
  /** Of the Plex user who is meant; '' = the plugin's own. */
  readonly token: string;
  readonly rule: ViewingRule;
}

export function checkViewingSettings(raw: Raw, report: Report): ViewingSettings {
  return {
    fields: readFields(readText(raw, 'viewing', report), report),
    token: readToken(readText(raw, 'viewingToken', report), report),
    rule: readRule(readText(raw, 'viewingConflict', report).toLowerCase(), report),
  };
}

/** Whether the rating goes both ways for the very user in whose name PlexSync rates otherwise. */
export function governsRating(viewing: ViewingSettings, plexToken: string): boolean {
  const { fields, token } = viewing;
  return fields.includes('rating') && (token === '' || token === plexToken);
}

function readFields(text: string, report: Report): readonly ViewingField[] {
  const typed = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  for (const word of typed) {
    if (viewingFields.some((field) => field === word)) continue;
    const meant = nearest(word, viewingFields);
    const hint = meant === null ? '' : ` Did you mean ${meant}?`;
    report('viewing', `may hold ${viewingFields.join(', ')}, by comma (empty = off).${hint}`);
    return [];
  }
  return viewingFields.filter((field) => typed.includes(field));
}

function readToken(token: string, report: Report): string {
  // As for plexToken: it goes into an HTTP header.
  if (token === '' || /^[\x21-\x7e]+$/.test(token)) return token;
  report('viewingToken', 'holds blanks or characters that no token has. Paste it again.');
  return '';
}

function readRule(text: string, report: Report): ViewingRule {
  if (text === '') return 'later';
  const known = viewingRules.find((rule) => rule === text);
  if (known !== undefined) return known;
  report('viewingConflict', `must be one of ${viewingRules.join(', ')} (empty = later).`);
  return 'later';
}

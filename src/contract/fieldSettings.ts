// The settings that say what of a scene goes into which field of Plex, and their check.
import { type ExtraPolicies, type FieldPolicies, parsePolicies } from './fieldPolicies.ts';
import { nearest } from './nearest.ts';
import { type Raw, readSwitch, readText, readWholeNumber, type Report } from './settingValues.ts';
import { inBoth, parseTagList, type TagList } from './tagList.ts';
import { parseTemplate, type Template } from './template.ts';

const tagTargets = ['genre', 'label', 'off'] as const;
/** What Stash's tags become in Plex. */
export type TagTarget = (typeof tagTargets)[number];

export interface FieldSettings {
  readonly policies: FieldPolicies;
  readonly extras: ExtraPolicies;
  readonly titleTemplate: Template;
  /** null = Plex sorts by the title. */
  readonly sortTitleTemplate: Template | null;
  /** The same text for every scene; '' = none. */
  readonly contentRating: string;
  /** Whether a studio that belongs to another is shown under that one's name. */
  readonly parentStudio: boolean;
  readonly tagsAs: TagTarget;
  /** Only these tags; empty = all. */
  readonly includeTags: TagList;
  readonly excludeTags: TagList;
  /** How many tags of a scene go to Plex. */
  readonly tagLimit: number;
  /** Whether names always carry their disambiguation, or only where a scene has two of a name. */
  readonly performerDisambiguation: boolean;
  readonly studioCollections: boolean;
  readonly groupCollections: boolean;
}

/** Why 30: more genres than that make Plex's page of a film unreadable and its requests long. */
export const tagLimits = { default: 30, lowest: 1, highest: 200 } as const;

const defaultTitle = '{title}';
/** In characters. */
export const longestContentRating = 40;

/** Reports every problem; what it returns is only to be used if there was none. */
export function checkFieldSettings(raw: Raw, report: Report): FieldSettings {
  const text = (setting: string): string => readText(raw, setting, report);
  const fields = parsePolicies(text('fields'));
  for (const message of fields.problems) report('fields', message);
  const sortTitle = text('sortTitleTemplate');
  const includeTags = readTagList(raw, 'includeTags', report);
  const excludeTags = readTagList(raw, 'excludeTags', report);
  reportBoth(['includeTags', includeTags], ['excludeTags', excludeTags], report);
  return {
    policies: fields.policies,
    extras: fields.extras,
    titleTemplate: readTemplate('titleTemplate', text('titleTemplate') || defaultTitle, report),
    sortTitleTemplate:
      sortTitle === '' ? null : readTemplate('sortTitleTemplate', sortTitle, report),
    contentRating: checkContentRating(text('contentRating'), report),
    parentStudio: readSwitch(raw, 'parentStudio', report),
    tagsAs: checkTagsAs(text('tagsAs'), report),
    includeTags,
    excludeTags,
    tagLimit: readWholeNumber(raw, 'tagLimit', tagLimits, report),
    performerDisambiguation: readSwitch(raw, 'performerDisambiguation', report),
    studioCollections: readSwitch(raw, 'studioCollections', report),
    groupCollections: readSwitch(raw, 'groupCollections', report),
  };
}

function readTemplate(setting: string, text: string, report: Report): Template {
  const { template, problems } = parseTemplate(text);
  for (const message of problems) report(setting, message);
  return template;
}

function checkContentRating(text: string, report: Report): string {
  if (text.length > longestContentRating || /\p{Cc}/u.test(text)) {
    const message = `must be one short line of at most ${longestContentRating} characters, e.g. XXX`;
    report('contentRating', message);
    return '';
  }
  return text;
}

function checkTagsAs(text: string, report: Report): TagTarget {
  if (text === '') return 'genre';
  const target = tagTargets.find((known) => known === text.toLowerCase());
  if (target !== undefined) return target;
  const meant = nearest(text, tagTargets);
  const hint = meant === null ? '' : ` Did you mean ${meant}?`;
  report('tagsAs', `must be genre, label or off (empty = genre).${hint}`);
  return 'genre';
}

/** The list of tags that a setting holds. */
export function readTagList(raw: Raw, setting: string, report: Report): TagList {
  const { list, problems } = parseTagList(readText(raw, setting, report));
  for (const message of problems) report(setting, message);
  return list;
}

/** A tag that is wanted and unwanted at once is a slip of the person's. */
export function reportBoth(
  [setting, one]: readonly [string, TagList],
  [other, list]: readonly [string, TagList],
  report: Report,
): void {
  for (const tag of inBoth(one, list)) {
    report(setting, `names "${tag}", which ${other} names as well. Take it out of one of them.`);
  }
}

// Which settings belong together. One that this page does not know (Stash has another version of the
// manifest) stands at the end. Pure.
import type { Described } from '../../settings/store.ts';
import { setupTexts } from '../../texts/setup.ts';

const titles = setupTexts.settings.groups;
type GroupKey = keyof typeof titles;

const members: Readonly<Record<Exclude<GroupKey, 'more'>, readonly string[]>> = {
  connection: ['plexUrl', 'plexToken', 'plexLibraries', 'pathMappings'],
  fields: ['fields', 'studioCollections', 'groupCollections', 'withdrawWhenGone'],
  texts: [
    'titleTemplate',
    'sortTitleTemplate',
    'contentRating',
    'parentStudio',
    'performerDisambiguation',
  ],
  tags: ['tagsAs', 'includeTags', 'excludeTags', 'tagLimit'],
  scenes: ['onlyOrganized', 'onlyWithTags', 'neverWithTags'],
  match: ['matchThreshold', 'askPlexToScan'],
  reconcile: ['reconcileEvery', 'reconcileLimit', 'reconcileAs', 'noCatchUp'],
  viewing: ['viewing', 'viewingToken', 'viewingConflict'],
  pace: [
    'plexRequestsPerSecond',
    'recoveryStrategy',
    'taskSliceMinutes',
    'plexConnectTimeout',
    'plexReadTimeout',
    'plexWriteTimeout',
  ],
};

export interface Group {
  readonly key: GroupKey;
  readonly title: string;
  readonly settings: readonly Described[];
}

export function groupsOf(settings: readonly Described[]): readonly Group[] {
  const keys = Object.keys(members).filter((key): key is keyof typeof members => key in members);
  const groups = keys.map((key) => ({
    key,
    title: titles[key],
    settings: members[key].flatMap((name) => settings.find((one) => one.key === name) ?? []),
  }));
  const known = new Set(Object.values(members).flat());
  const more = settings.filter(({ key }) => !known.has(key));
  const all: readonly Group[] = [...groups, { key: 'more', title: titles.more, settings: more }];
  return all.filter((group) => group.settings.length > 0);
}

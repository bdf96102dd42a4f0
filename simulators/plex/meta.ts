/**
 * What can be filtered and sorted by: the `Meta` of `includeMeta=1`, and the choices of a filter.
 * python-plexapi refuses to search by fields or operators that are not listed here
 * (`library.py _loadFilters`).
 */
import { type ItemState, TAG_KINDS, type TagKind } from './item.ts';
import { SORT_KEYS } from './order.ts';
import type { Section } from './section.ts';
import type { TagTable } from './tags.ts';
import { listed, type PlexNode } from './tree.ts';

const FIELDS: readonly (readonly [key: string, title: string, type: string])[] = [
  ['title', 'Title', 'string'],
  ['studio', 'Studio', 'string'],
  ['userRating', 'Rating', 'integer'],
  ['contentRating', 'Content Rating', 'tag'],
  ['year', 'Year', 'integer'],
  ['viewCount', 'Plays', 'integer'],
  ['lastViewedAt', 'Last Played', 'date'],
  ['unwatched', 'Unplayed', 'boolean'],
  ['inProgress', 'In Progress', 'boolean'],
  ['originallyAvailableAt', 'Release Date', 'date'],
  ['addedAt', 'Date Added', 'date'],
  ['duration', 'Duration', 'integer'],
  ['unmatched', 'Unmatched', 'boolean'],
  ...TAG_KINDS.map((kind) => [kind, titled(kind), 'tag'] as const),
];

/** Operators per field type (OpenAPI, API Info, Media Queries; python-plexapi `listOperators`). */
const OPERATORS: Record<string, Record<string, string>> = {
  tag: { '=': 'is', '!=': 'is not' },
  integer: { '=': 'is', '!=': 'is not', '>>=': 'is greater than', '<<=': 'is less than' },
  string: {
    '=': 'contains',
    '!=': 'does not contain',
    '==': 'is',
    '!==': 'is not',
    '<=': 'begins with',
    '>=': 'ends with',
  },
  boolean: { '=': 'is true', '!=': 'is false' },
  date: { '<<=': 'is before', '>>=': 'is after' },
};

/** `Meta` of a listing of a section's own type. */
export function listingMeta(section: Section): PlexNode {
  const { id, type, title } = section.info;
  const filters = FIELDS.filter(([, , kind]) => kind === 'tag').map(([key, filterTitle]) => ({
    filter: key,
    filterType: 'string',
    key: `/library/sections/${id}/${key}`,
    title: filterTitle,
    type: 'filter',
  }));
  const sorts = Object.keys(SORT_KEYS).map((key) => ({
    defaultDirection: key.endsWith('At') ? 'desc' : 'asc',
    descKey: `${key}:desc`,
    key,
    title: titled(key),
    ...(key === 'titleSort' ? { default: 'asc' } : {}),
  }));
  return {
    Type: [
      {
        key: `/library/sections/${id}/all?type=1`,
        type,
        title,
        active: true,
        Filter: filters,
        Sort: sorts,
        Field: FIELDS.map(([key, fieldTitle, kind]) => ({ key, title: fieldTitle, type: kind })),
      },
    ],
    FieldType: Object.entries(OPERATORS).map(([kind, operators]) => ({
      type: kind,
      Operator: Object.entries(operators).map(([key, operatorTitle]) => ({
        key,
        title: operatorTitle,
      })),
    })),
  };
}

/** `GET /library/sections/{id}/{filter}`: the values of one filter, or undefined if unknown. */
export function filterChoices(
  section: Section,
  filter: string,
  tags: TagTable,
): PlexNode | undefined {
  const kind = TAG_KINDS.find((name) => name === filter);
  if (!kind && filter !== 'contentRating') return undefined;
  const choices = kind ? tagChoices(section, kind, tags) : contentRatings(section);
  const nodes = Array.from(choices, ([key, title]) => ({
    fastKey: `/library/sections/${section.info.id}/all?${filter}=${encodeURIComponent(key)}`,
    key,
    title,
    type: filter,
  }));
  return { size: nodes.length, title1: section.info.title, ...listed('Directory', nodes) };
}

function tagChoices(section: Section, kind: TagKind, tags: TagTable): Map<string, string> {
  const links = statesOf(section).flatMap((state) => state.tags[kind] ?? []);
  return new Map(links.map(({ tagId }) => [String(tagId), tags.nameOf(tagId)]));
}

function contentRatings(section: Section): Map<string, string> {
  const ratings = statesOf(section).flatMap((state) => state.text.contentRating || []);
  return new Map(ratings.map((rating) => [rating, rating]));
}

function statesOf(section: Section): ItemState[] {
  return Array.from(section.entries, (entry) => entry.state);
}

function titled(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

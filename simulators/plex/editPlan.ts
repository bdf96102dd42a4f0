/** Reads the query of `PUT /library/sections/{id}/all` into what it asks for, without doing it. */
import {
  NUMBER_FIELDS,
  type NumberField,
  TAG_KINDS,
  type TagKind,
  TEXT_FIELDS,
  type TextField,
} from './item.ts';
import type { QueryPair } from './query.ts';

export interface WantedTag {
  readonly name: string;
  readonly role?: string;
  readonly thumb?: string;
}

/** Steps on the tags of one kind, in the order in which the query first names them. */
export type TagStep =
  | { readonly step: 'set'; readonly kind: TagKind; readonly wanted: readonly WantedTag[] }
  | { readonly step: 'remove'; readonly kind: TagKind; readonly names: readonly string[] }
  | { readonly step: 'clear'; readonly kind: TagKind };

export interface EditPlan {
  readonly text: ReadonlyMap<TextField, string>;
  /** `undefined` clears. */
  readonly numbers: ReadonlyMap<NumberField, number | undefined>;
  readonly addedAt: number | undefined;
  readonly locks: ReadonlyMap<string, boolean>;
  readonly tagSteps: readonly TagStep[];
  /** What selects the items; without any, all of them are edited. */
  readonly selecting: readonly QueryPair[];
}

/** Values that Plex answers 400 to: "inconsistent or invalid" (OpenAPI `librarySectionPutAll`). */
export class BadEditError extends Error {
  readonly code = 'bad-edit';
}

const LOCKABLE: ReadonlySet<string> = new Set([
  ...TEXT_FIELDS,
  ...NUMBER_FIELDS,
  ...TAG_KINDS,
  'addedAt',
  'thumb',
  'art',
  'theme',
]);

/** @throws {BadEditError} */
export function planEdit(pairs: readonly QueryPair[]): EditPlan {
  const text = new Map<TextField, string>();
  const numbers = new Map<NumberField, number | undefined>();
  const locks = new Map<string, boolean>();
  let addedAt: number | undefined;
  for (const { key, value } of pairs) {
    const [, name = '', what = ''] = /^(\w+)\.(value|locked)$/.exec(key) ?? [];
    const textField = TEXT_FIELDS.find((field) => field === name);
    const numberField = NUMBER_FIELDS.find((field) => field === name);
    if (what === 'locked') lock(locks, name, value);
    else if (textField) text.set(textField, checkedText(textField, value));
    else if (numberField) numbers.set(numberField, value === '' ? undefined : checkedNumber(value));
    else if (name === 'addedAt') addedAt = checkedNumber(value);
  }
  // What is neither known nor a filter is accepted silently, as unknown tag types are
  // (python-plexapi #477); names with a dot or a bracket never select.
  const selecting = pairs.filter(({ key }) => !/[.[]/.test(key));
  return { text, numbers, addedAt, locks, tagSteps: tagSteps(pairs), selecting };
}

function lock(locks: Map<string, boolean>, name: string, value: string): void {
  if (value !== '0' && value !== '1') throw new BadEditError(`not a lock: ${value}`);
  if (LOCKABLE.has(name)) locks.set(name, value === '1');
}

/** Whether Plex takes an empty date is not known [?]; here it does, and clears date and year. */
function checkedText(field: TextField, value: string): string {
  if (field !== 'originallyAvailableAt' || value === '') return value;
  const shaped = /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$/.test(value);
  if (!shaped || Number.isNaN(Date.parse(value))) throw new BadEditError(`not a date: ${value}`);
  return value;
}

function checkedNumber(value: string): number {
  const number = Number(value);
  if (value === '' || Number.isNaN(number)) throw new BadEditError(`not a number: ${value}`);
  return number;
}

/** A studio written as a tag turned up as a director on a real server (python-plexapi #477). */
const MISTAKEN_KINDS: Record<string, TagKind> = { studio: 'director' };

interface TagArgument {
  readonly kind: TagKind;
  /** Missing in `T[].…`. */
  readonly index: number | undefined;
  readonly what: string;
  readonly value: string;
}

/** `actor[0].tag.role`, which some clients send, is none of them: the role is `tagging.text`. */
function tagArguments(pairs: readonly QueryPair[]): TagArgument[] {
  return pairs.flatMap(({ key, value }) => {
    const [, name = '', index = '', what = ''] =
      /^(\w+)\[(\d*)\]\.(tag\.tag-|tag\.tag|tag\.thumb|tagging\.text|tag)$/.exec(key) ?? [];
    const kind = TAG_KINDS.find((known) => known === name) ?? MISTAKEN_KINDS[name];
    return kind ? [{ kind, index: index === '' ? undefined : Number(index), what, value }] : [];
  });
}

function tagSteps(pairs: readonly QueryPair[]): TagStep[] {
  const args = tagArguments(pairs);
  return args.flatMap((arg, i): TagStep[] => {
    const { kind, index, what, value } = arg;
    if (index !== undefined) {
      const first = args.findIndex((other) => other.kind === kind && other.index !== undefined);
      return first === i ? [{ step: 'set', kind, wanted: wantedTags(args, kind) }] : [];
    }
    if (what === 'tag.tag-') return [{ step: 'remove', kind, names: removedNames(value) }];
    return what === 'tag' ? [{ step: 'clear', kind }] : [];
  });
}

/** By index, not by place: python-plexapi sorts its arguments, so that 10 comes before 2. */
function wantedTags(args: readonly TagArgument[], kind: TagKind): WantedTag[] {
  const ours = args.filter((arg) => arg.kind === kind);
  const indices = new Set(ours.flatMap(({ index }) => index ?? []));
  return [...indices]
    .toSorted((a, b) => a - b)
    .flatMap((index) => {
      const value = (what: string): string | undefined =>
        ours.findLast((arg) => arg.index === index && arg.what === what)?.value;
      const name = value('tag.tag');
      const role = value('tagging.text');
      const thumb = value('tag.thumb');
      if (!name) return [];
      return [
        {
          name,
          ...(role === undefined ? {} : { role }),
          ...(thumb === undefined ? {} : { thumb }),
        },
      ];
    });
}

/** Names are percent-encoded, joined by commas, and the whole is encoded again. */
function removedNames(value: string): string[] {
  return value
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}

/**
 * Plex's media query language (OpenAPI, API Info, Media Queries): pairs of a query string become
 * one predicate. `&` is AND, `,` in a value is OR, `push`/`pop`/`or` group.
 */
import {
  durationOf,
  type ItemState,
  TAG_KINDS,
  type TagKind,
  type TextField,
  yearOf,
} from './item.ts';
import type { QueryPair } from './query.ts';
import type { TagTable } from './tags.ts';
import type { ViewingSwitches } from './viewingSwitches.ts';

export type Predicate = (state: ItemState) => boolean;
export interface FilterContext {
  readonly tags: TagTable;
  readonly nowSeconds: number;
  readonly inProgressFilter: ViewingSwitches['inProgressFilter'];
}

/** The query names a field or an operator that the simulator does not know. */
export class BadQueryError extends Error {
  readonly code = 'bad-query';
}

const GROUPING = new Set(['push', 'pop', 'or', 'and']);
/** Arguments that shape the answer but select nothing. */
const SHAPING =
  /^(type|sort|limit|file|group|checkFiles|checkFileAvailability|skipRefresh|augmentCount|(include|exclude|async)[A-Z]\w*|x-plex-.*)$/i;

/** The pairs that select items, of all the pairs of a listing's query. */
export function selectingPairs(pairs: readonly QueryPair[]): QueryPair[] {
  return pairs.filter((pair) => !SHAPING.test(pair.key));
}

/** No pairs select everything. @throws {BadQueryError} */
export function compileFilter(pairs: readonly QueryPair[], context: FilterContext): Predicate {
  const rest = [...pairs];
  const predicate = alternatives(rest, context);
  if (rest.length > 0) throw new BadQueryError('pop without push');
  return predicate;
}

/** Reads up to the end of its group and takes what it read out of `rest`. */
function alternatives(rest: QueryPair[], context: FilterContext): Predicate {
  const groups: Predicate[][] = [[]];
  for (let pair = rest[0]; pair && pair.key !== 'pop'; pair = rest[0]) {
    rest.shift();
    if (pair.key === 'or') groups.push([]);
    else if (pair.key === 'push') {
      groups.at(-1)?.push(alternatives(rest, context));
      if (rest.shift() === undefined) throw new BadQueryError('push without pop');
    } else if (!GROUPING.has(pair.key)) {
      const found = condition(pair, context);
      if (found) groups.at(-1)?.push(found);
    }
  }
  return (state) => groups.some((group) => group.every((predicate) => predicate(state)));
}

/** An empty value selects nothing in particular [?]: `id=` is as dangerous as no `id` at all. */
function condition(pair: QueryPair, context: FilterContext): Predicate | undefined {
  const { field, operator, value } = splitOperator(pair);
  if (value === '') return undefined;
  const negated = operator.startsWith('!');
  const bare = negated ? operator.slice(1) : operator;
  const tests = value.split(',').map((one) => comparison(field, bare, one, context));
  return (state) => tests.some((test) => test(state)) !== negated;
}

/** `title==x` may arrive as key `title` with value `=x` or, encoded, as key `title=`. */
function splitOperator({ key, value }: QueryPair) {
  const match = /^(?:movie\.)?([A-Za-z]+)([!<>=]*)$/.exec(key);
  if (!match) throw new BadQueryError(`not a field: ${key}`);
  const [, field = '', suffix = ''] = match;
  const equals = value.startsWith('=') ? 1 : 0;
  return { field, operator: `${suffix}${'='.repeat(equals)}`, value: value.slice(equals) };
}

const STRINGS: Record<string, TextField> = {
  title: 'title',
  titleSort: 'titleSort',
  originalTitle: 'originalTitle',
  editionTitle: 'editionTitle',
  studio: 'studio',
};
const INTEGERS: Record<string, (state: ItemState) => number | undefined> = {
  id: (state) => Number(state.ratingKey),
  year: yearOf,
  duration: durationOf,
  userRating: (state) => state.numbers.userRating,
  viewCount: (state) => state.viewing?.viewCount ?? 0,
  viewOffset: (state) => state.viewing?.viewOffsetMs ?? 0,
  rating: (state) => state.numbers.rating,
  audienceRating: (state) => state.numbers.audienceRating,
};
const DATES: Record<string, (state: ItemState) => number | undefined> = {
  addedAt: (state) => state.addedAt,
  updatedAt: (state) => state.updatedAt,
  lastViewedAt: (state) => state.viewing?.lastViewedAt,
  lastRatedAt: (state) => state.viewing?.lastRatedAt,
  originallyAvailableAt: ({ text }) => daySeconds(text.originallyAvailableAt ?? ''),
};

function comparison(field: string, operator: string, value: string, context: FilterContext) {
  const textField = STRINGS[field];
  if (textField) return ofText((state) => state.text[textField] ?? '', operator, value);
  const integer = INTEGERS[field];
  if (integer) return ofNumber(integer, operator, Number(value));
  const date = DATES[field];
  if (date) return ofNumber(date, operator, moment(value, context.nowSeconds));
  const kind = TAG_KINDS.find((name) => name === field);
  if (kind) return ofTag(kind, value, context.tags);
  if (field === 'guid') return (state: ItemState) => state.guid === value;
  if (field === 'contentRating') return (state: ItemState) => state.text.contentRating === value;
  if (field === 'unmatched')
    return (state: ItemState) => !state.guid.startsWith('plex://') === (value === '1');
  if (field === 'unwatched') {
    return (state: ItemState) => ((state.viewing?.viewCount ?? 0) === 0) === (value === '1');
  }
  if (field === 'inProgress') return ofProgress(value, context);
  throw new BadQueryError(`unknown field: ${field}`);
}

function ofProgress(value: string, { inProgressFilter }: FilterContext): Predicate {
  if (inProgressFilter === 'refused') throw new BadQueryError('unknown field: inProgress');
  if (inProgressFilter === 'ignored') return () => true;
  return (state) => (state.viewing?.viewOffsetMs ?? 0) > 0 === (value === '1');
}

/** Letter case counts only for equality, as in SQLite's LIKE and `=` [?]. */
function ofText(read: (state: ItemState) => string, operator: string, value: string): Predicate {
  const wanted = value.toLowerCase();
  if (operator === '') return (state) => read(state).toLowerCase().includes(wanted);
  if (operator === '=') return (state) => read(state) === value;
  if (operator === '<') return (state) => read(state).toLowerCase().startsWith(wanted);
  if (operator === '>') return (state) => read(state).toLowerCase().endsWith(wanted);
  throw new BadQueryError(`no operator ${operator} for text`);
}

function ofNumber(
  read: (state: ItemState) => number | undefined,
  operator: string,
  value: number,
): Predicate {
  if (Number.isNaN(value)) throw new BadQueryError('not a number or date');
  const compare = NUMBER_OPERATORS[operator];
  if (!compare) throw new BadQueryError(`no operator ${operator} for numbers`);
  return (state) => {
    const actual = read(state);
    return actual !== undefined && compare(actual, value);
  };
}

const NUMBER_OPERATORS: Record<string, (actual: number, value: number) => boolean> = {
  '': (actual, value) => actual === value,
  '>>': (actual, value) => actual > value,
  '<<': (actual, value) => actual < value,
  '>': (actual, value) => actual >= value,
  '<': (actual, value) => actual <= value,
};

/** A tag is named by its id; by its name too, as Kometa does with labels. */
function ofTag(kind: TagKind, value: string, tags: TagTable): Predicate {
  const named = tags.find(kind, value, 'exact')?.id;
  const ids = new Set([Number(value), named]);
  return (state) => (state.tags[kind] ?? []).some((link) => ids.has(link.tagId));
}

const UNIT_SECONDS: Record<string, number> = {
  '': 1,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  mon: 2_592_000,
  y: 31_536_000,
};

/** Epoch seconds, a day, or a distance from now such as `-3d`. */
function moment(value: string, nowSeconds: number): number {
  const relative = /^([+-])(\d+)(mon|[smhdwy]?)$/.exec(value);
  if (relative) {
    const distance = Number(relative[2]) * (UNIT_SECONDS[relative[3] ?? ''] ?? 1);
    return nowSeconds + (relative[1] === '-' ? -distance : distance);
  }
  return /^\d+$/.test(value) ? Number(value) : (daySeconds(value) ?? Number.NaN);
}

function daySeconds(day: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(day) ? Date.parse(day.slice(0, 10)) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

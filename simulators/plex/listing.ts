/** `GET /library/sections/{id}/all`: filters, order, pages, and the undocumented `file=`. */
import { type Answer, container, failure } from './answer.ts';
import { sectionAttributes } from './containers.ts';
import { BadQueryError, compileFilter, selectingPairs } from './filter.ts';
import { baseName, type Entry } from './item.ts';
import type { Library } from './library.ts';
import { listingMeta } from './meta.ts';
import { listForm } from './metadata.ts';
import { comparatorOf } from './order.ts';
import { argument, plexHeader, type QueryPair } from './query.ts';
import { type Section, SECTION_TYPE_NUMBERS } from './section.ts';
import type { PlexSwitches } from './switches.ts';
import { listed, type PlexNode } from './tree.ts';
import { asSeenBy, OWNER } from './viewing.ts';

export interface ListingRequest {
  readonly account: string;
  readonly pairs: readonly QueryPair[];
  readonly rawHeaders: readonly string[];
}

/** Answers 400 for a query that the simulator does not understand, so that tests notice. */
export function listSection(library: Library, section: Section, request: ListingRequest): Answer {
  // Two clients found independently that a lookup by file without a type is a server error
  // (stevezau/plex_generate_vid_previews `servers/plex.py`, nuarr `plexnotify`).
  const file = argument(request.pairs, 'file');
  if (file !== undefined && argument(request.pairs, 'type') === undefined) return failure(500);
  try {
    const shape = request.pairs.filter((pair) => !/^x-plex-/i.test(pair.key));
    // "Three days ago" is another moment each time.
    const relative = shape.some(({ value }) => /^[+-]\d/.test(value));
    const find = (): readonly Entry[] => search(library, section, request, file);
    const found = relative
      ? find()
      : section.remembered(JSON.stringify([shape, request.account, ...readingOf(library)]), find);
    return page(library, section, found, request);
  } catch (error) {
    if (error instanceof BadQueryError) return failure(400);
    throw error;
  }
}

/**
 * The items that a query selects, unordered. With `id` only those are looked at: an edit of one
 * item among 100,000 must not look at all of them. @throws {BadQueryError}
 */
export function select(
  library: Library,
  section: Section,
  pairs: readonly QueryPair[],
  candidates: readonly Entry[] | undefined,
  account: string = OWNER,
): readonly Entry[] {
  const type = argument(pairs, 'type');
  if (type !== undefined && type !== String(SECTION_TYPE_NUMBERS[section.info.type])) return [];
  const selecting = selectingPairs(pairs);
  const matches = compileFilter(selecting, {
    tags: library.tags,
    nowSeconds: library.nowSeconds(),
    inProgressFilter: library.switches.inProgressFilter,
  });
  const named = candidates ?? namedEntries(library, section, selecting);
  const among = named ?? [...section.entries];
  if (selecting.length === 0) return among;
  return among.filter((entry) => matches(asSeenBy(entry.state, account)));
}

function namedEntries(
  library: Library,
  section: Section,
  selecting: readonly QueryPair[],
): Entry[] | undefined {
  const ids = argument(selecting, 'id');
  // Inside a group `id` may be one alternative of several.
  if (!ids || selecting.some(({ key }) => key === 'push' || key === 'or')) return undefined;
  const entries = [...new Set(ids.split(','))].flatMap((id) => library.find(id) ?? []);
  return entries.filter((entry) => section.entries.has(entry));
}

function search(
  library: Library,
  section: Section,
  { pairs, account }: ListingRequest,
  file: string | undefined,
): readonly Entry[] {
  const { sortByLastRatedAt } = library.switches;
  const asked = argument(pairs, 'sort') ?? 'titleSort';
  const byRating = /\blastRatedAt\b/.test(asked);
  if (byRating && sortByLastRatedAt === 'refused') throw new BadQueryError('no such order');
  const sort = byRating && sortByLastRatedAt === 'ignored' ? 'titleSort' : asked;
  const compare = comparatorOf(sort, account);
  const candidates =
    file === undefined
      ? section.sorted(`${sort} ${account}`, compare)
      : withFile(section, file, library.switches);
  const found = select(library, section, pairs, candidates, account);
  const limit = argument(pairs, 'limit');
  return limit === undefined ? found : found.slice(0, Number(limit));
}

/** What of the switches an answer depends on: one that was found under others is none. */
function readingOf({ switches }: Library): string[] {
  return [switches.fileMatch, switches.sortByLastRatedAt, switches.inProgressFilter];
}

/** Never an exact match: clients must compare `Part.file` themselves. */
function withFile(section: Section, file: string, { fileMatch }: PlexSwitches): readonly Entry[] {
  if (fileMatch === 'base-name') return section.withBaseName(baseName(file));
  const wanted = file.toLowerCase();
  return [...section.entries].filter(({ state }) =>
    state.parts.some((part) => part.file.toLowerCase().includes(wanted)),
  );
}

/** Both paging arguments are needed, else everything comes (OpenAPI, API Info, Pagination). */
function page(
  library: Library,
  section: Section,
  found: readonly Entry[],
  { pairs, rawHeaders, account }: ListingRequest,
): Answer {
  const start = plexHeader(rawHeaders, pairs, 'X-Plex-Container-Start');
  const size = plexHeader(rawHeaders, pairs, 'X-Plex-Container-Size');
  const paged = start !== undefined && size !== undefined;
  const offset = Number(start ?? 0);
  const slice = paged ? found.slice(offset, offset + Number(size)) : found;
  const { title, type } = section.info;
  const node: PlexNode = {
    size: slice.length,
    ...(paged ? { totalSize: found.length, offset } : {}),
    ...sectionAttributes(section.info),
    art: `/:/resources/${type}-fanart.jpg`,
    thumb: `/:/resources/${type}.png`,
    title1: title,
    title2: `All ${title}`,
    viewGroup: type,
    ...(argument(pairs, 'includeMeta') === '1' ? { Meta: listingMeta(section) } : {}),
    ...listed(
      'Metadata',
      slice.map(({ state }) => listForm(asSeenBy(state, account), library.tags, library.switches)),
    ),
  };
  if (!paged) return container(node);
  return container(node, {
    'X-Plex-Container-Start': String(offset),
    'X-Plex-Container-Total-Size': String(found.length),
  });
}

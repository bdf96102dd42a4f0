/** Which request is which, and what answers it. Unknown ones are 404, as on a real server. */
import { type Answer, container, failure } from './answer.ts';
import {
  identity,
  libraryRoot,
  sectionAttributes,
  sectionDirectory,
  sectionList,
  type ServerFacts,
  serverRoot,
} from './containers.ts';
import { type ImageKind, imageList } from './images.ts';
import type { Library } from './library.ts';
import { listSection } from './listing.ts';
import { filterChoices } from './meta.ts';
import { detailForm } from './metadata.ts';
import { argument, type QueryPair } from './query.ts';
import type { Section } from './section.ts';
import { listed } from './tree.ts';
import { asSeenBy } from './viewing.ts';
import type { ViewingWriteName } from './viewingWrites.ts';

export type Route =
  | { readonly name: 'identity' | 'root' | 'library' | 'sections' | 'playing' | 'unknown' }
  | { readonly name: 'edit'; readonly section: string }
  | { readonly name: 'scan'; readonly section: string }
  | { readonly name: 'section' | 'listing' | 'lookup'; readonly section: string }
  | { readonly name: 'choices'; readonly section: string; readonly filter: string }
  | { readonly name: ViewingWriteName; readonly ids: readonly string[] }
  | { readonly name: 'images'; readonly ids: readonly string[]; readonly kind: ImageKind }
  | { readonly name: 'upload'; readonly ids: readonly string[]; readonly kind: ImageKind }
  | { readonly name: 'select'; readonly ids: readonly string[]; readonly kind: ImageKind }
  | { readonly name: 'takeAway'; readonly ids: readonly string[]; readonly kind: ImageKind }
  | { readonly name: 'detail' | 'refresh'; readonly ids: readonly string[] };

export function routeOf(method: string, path: string, pairs: readonly QueryPair[]): Route {
  const isRead = method === 'GET';
  if (path === '/identity' && isRead) return { name: 'identity' };
  if (path === '/' && isRead) return { name: 'root' };
  if (path === '/status/sessions' && isRead) return { name: 'playing' };
  if (path === '/library' && isRead) return { name: 'library' };
  if (/^\/library\/sections(\/all)?$/.test(path) && isRead) return { name: 'sections' };
  const [, section, rest] = /^\/library\/sections\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  if (section !== undefined) {
    if (rest === 'all' && method === 'PUT') return { name: 'edit', section };
    // GET is what clients send and what servers from 1.32.7.7484 on insist on; other methods got a
    // 404 there (Cloudbox/autoscan #219), though the OpenAPI document has POST [?].
    if (rest === 'refresh' && (isRead || method === 'POST')) return { name: 'scan', section };
    if (!isRead) return { name: 'unknown' };
    if (rest === undefined) return { name: 'section', section };
    if (rest !== 'all') return { name: 'choices', section, filter: rest };
    return { name: argument(pairs, 'file') === undefined ? 'listing' : 'lookup', section };
  }
  const viewing = viewingRoute(method, path, pairs);
  if (viewing) return viewing;
  const image = imageRoute(method, path);
  if (image) return image;
  const [, ids, action] = /^\/library\/metadata\/([\d,]+)(\/refresh)?$/.exec(path) ?? [];
  if (ids === undefined || (!isRead && action === undefined)) return { name: 'unknown' };
  return { name: action ? 'refresh' : 'detail', ids: ids.split(',').filter((id) => id !== '') };
}

/**
 * "This API does respond to the GET verb but applications should use PUT" (OpenAPI putRate, putScrobble,
 * putUnscrobble). Which methods a timeline takes is a switch.
 */
function viewingRoute(
  method: string,
  path: string,
  pairs: readonly QueryPair[],
): Route | undefined {
  const [, name = ''] = /^\/:\/(rate|scrobble|unscrobble|timeline|progress)$/.exec(path) ?? [];
  const key = argument(pairs, 'key') ?? '';
  switch (name) {
    case 'rate':
      return { name, ids: [key] };
    case 'scrobble':
    case 'unscrobble':
      return method === 'GET' || method === 'PUT' ? { name, ids: [key] } : { name: 'unknown' };
    case 'timeline':
      return { name, ids: [argument(pairs, 'ratingKey') ?? ''] };
    case 'progress':
      return method === 'GET' ? { name: 'timeline', ids: [key] } : { name: 'unknown' };
    default:
      return undefined;
  }
}

/**
 * Lists and uploads are asked for in the plural and a selection in the singular, as python-plexapi
 * does; the OpenAPI document has the singular for all of them, so both are taken. A poster is taken away
 * as `thumb` (python-plexapi `mixins/resources.py` `deletePoster`).
 */
function imageRoute(method: string, path: string): Route | undefined {
  const [, id = '', element = ''] =
    /^\/library\/metadata\/(\d+)\/(posters?|thumb|arts?)$/.exec(path) ?? [];
  if (element === '') return undefined;
  const kind = element.startsWith('art') ? 'arts' : 'posters';
  if (method === 'GET') return { name: 'images', ids: [id], kind };
  if (method === 'POST') return { name: 'upload', ids: [id], kind };
  if (method === 'DELETE') return { name: 'takeAway', ids: [id], kind };
  return method === 'PUT' ? { name: 'select', ids: [id], kind } : { name: 'unknown' };
}

export interface ReadRequest {
  readonly account: string;
  readonly method: string;
  readonly pairs: readonly QueryPair[];
  readonly rawHeaders: readonly string[];
}

export type WriteName = 'edit' | 'upload' | 'select' | 'takeAway' | ViewingWriteName;

/** Answers everything but writes and scans. */
export function answerRead(
  route: Exclude<Route, { name: WriteName | 'scan' }>,
  request: ReadRequest,
  library: Library,
  facts: ServerFacts,
): Answer {
  switch (route.name) {
    case 'identity':
      return container(identity(facts));
    case 'root':
      return container(serverRoot(facts));
    case 'playing':
      // Nobody watches anything here.
      return container({ size: 0 });
    case 'library':
      return container(libraryRoot());
    case 'sections':
      return container(sectionList([...library.sections.values()]));
    case 'section':
    case 'listing':
    case 'lookup':
    case 'choices': {
      const section = library.sections.get(route.section);
      if (!section) return missingSection(route.section);
      if (route.name === 'section') return container(sectionDirectory(section));
      if (route.name === 'choices') return choices(section, route.filter, library);
      return listSection(library, section, request);
    }
    case 'detail':
      return detail(library, route.ids, request.account);
    case 'images':
      return imageList(library.find(route.ids[0] ?? '')?.state, route.kind);
    case 'refresh':
      // GET is 405 here (python-plexapi #98).
      if (request.method !== 'PUT') return failure(405);
      return refresh(library, route.ids);
    case 'unknown':
      return failure(404);
    default:
      return route satisfies never;
  }
}

function refresh(library: Library, ids: readonly string[]): Answer {
  const known = ids.filter((id) => library.find(id));
  for (const id of known) library.refresh(id);
  return known.length > 0 ? { kind: 'empty' } : failure(404);
}

/** A section that is no number at all is a server error (Kometa #449: `sections/None/all`). */
export function missingSection(id: string): Answer {
  return failure(/^\d+$/.test(id) ? 404 : 500);
}

/**
 * `GET /library/metadata/{ids}`. Missing ids are passed over in a list [?], and the order is the
 * server's own: clients must go by `ratingKey`. A single missing id is 404.
 */
function detail(library: Library, ids: readonly string[], account: string): Answer {
  const found = [...new Set(ids)]
    .toSorted((a, b) => Number(a) - Number(b))
    .flatMap((id) => library.find(id)?.state ?? []);
  if (found.length === 0 && ids.length < 2) return failure(404);
  const nodes = found.flatMap((state) => {
    const section = library.sections.get(state.sectionId);
    return section ? [detailForm(asSeenBy(state, account), section.info, library.tags)] : [];
  });
  const first = library.sections.get(found[0]?.sectionId ?? '');
  const shared = first && found.every((state) => state.sectionId === first.info.id);
  return container({
    size: nodes.length,
    ...(shared ? sectionAttributes(first.info) : {}),
    ...listed('Metadata', nodes),
  });
}

/** Collections exist here only as tags: their own list is empty, but python-plexapi asks for it. */
function choices(section: Section, filter: string, library: Library): Answer {
  if (filter === 'collections') {
    return container({ size: 0, totalSize: 0, offset: 0, ...sectionAttributes(section.info) });
  }
  const node = filterChoices(section, filter, library.tags);
  return node ? container(node) : failure(404);
}

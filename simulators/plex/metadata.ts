/** An item as Plex answers it: cut short in listings, complete in its own detail. */
import {
  durationOf,
  type ItemState,
  type Part,
  TAG_ELEMENTS,
  TAG_KINDS,
  type TagKind,
  yearOf,
} from './item.ts';
import type { SectionInfo } from './section.ts';
import type { TagTable } from './tags.ts';
import { listed, merged, type PlexNode } from './tree.ts';
import type { ViewingSwitches } from './viewingSwitches.ts';

/**
 * How many tags of a kind a listing keeps. Genre 2, Writer 2, Role 3, no Producer and no Field are
 * recorded of one item in list and detail of the same server (plexopedia, Get All Movies and Get a
 * Movie: "Aladdin"); python-plexapi's tests say "xml from search only returns 3 actors". Director,
 * Country and Collection do appear, but where they are cut is not known [?]; labels appear nowhere.
 */
const KEPT_IN_LISTINGS: Partial<Record<TagKind, number>> = {
  genre: 2,
  actor: 3,
  director: 2,
  writer: 2,
  country: 2,
  collection: 2,
};

/** The short form, with tags as bare names. */
export function listForm(
  state: ItemState,
  tags: TagTable,
  { lastRatedAtInLists }: Pick<ViewingSwitches, 'lastRatedAtInLists'>,
): PlexNode {
  const cut = TAG_KINDS.map((kind) => {
    const links = (state.tags[kind] ?? []).slice(0, KEPT_IN_LISTINGS[kind] ?? 0);
    const nodes = links.map(({ tagId }) => ({ tag: tags.nameOf(tagId) }));
    return listed(TAG_ELEMENTS[kind], nodes);
  });
  const node = scalars(state);
  const row = lastRatedAtInLists ? node : { ...node, lastRatedAt: undefined };
  return merged([row, media(state), ...cut]);
}

/** The complete form, with every tag, its id, filter, role and picture, and the locks. */
export function detailForm(state: ItemState, section: SectionInfo, tags: TagTable): PlexNode {
  const full = TAG_KINDS.map((kind) => {
    const nodes = (state.tags[kind] ?? []).map(({ tagId, role }) => ({
      id: tagId,
      filter: `${kind}=${tagId}`,
      tag: tags.nameOf(tagId),
      role,
      thumb: tags.byId(tagId)?.thumb,
    }));
    return listed(TAG_ELEMENTS[kind], nodes);
  });
  const locks = state.locked.map((name) => ({ locked: true, name }));
  return merged([
    scalars(state),
    {
      librarySectionTitle: section.title,
      librarySectionID: Number(section.id),
      librarySectionKey: `/library/sections/${section.id}`,
    },
    media(state),
    ...full,
    listed('Field', locks),
  ]);
}

/** Empty fields are left out, as a sort title that equals the title is. */
function scalars(state: ItemState): PlexNode {
  const { ratingKey, text, numbers, viewing } = state;
  return {
    ratingKey,
    key: `/library/metadata/${ratingKey}`,
    guid: state.guid,
    studio: text.studio || undefined,
    type: 'movie',
    title: text.title ?? '',
    titleSort: text.titleSort === text.title ? undefined : text.titleSort || undefined,
    originalTitle: text.originalTitle || undefined,
    editionTitle: text.editionTitle || undefined,
    contentRating: text.contentRating || undefined,
    summary: text.summary ?? '',
    rating: numbers.rating,
    audienceRating: numbers.audienceRating,
    userRating: numbers.userRating,
    lastRatedAt: viewing?.lastRatedAt,
    viewOffset: viewing?.viewOffsetMs || undefined,
    viewCount: viewing?.viewCount || undefined,
    lastViewedAt: viewing?.lastViewedAt,
    year: yearOf(state),
    tagline: text.tagline || undefined,
    thumb:
      state.noPoster === true
        ? undefined
        : `/library/metadata/${ratingKey}/thumb/${state.updatedAt}`,
    art: state.images.arts?.some(({ selected }) => selected)
      ? `/library/metadata/${ratingKey}/art/${state.updatedAt}`
      : undefined,
    duration: durationOf(state),
    originallyAvailableAt: text.originallyAvailableAt || undefined,
    addedAt: state.addedAt,
    updatedAt: state.updatedAt,
  };
}

function media(state: ItemState): PlexNode {
  return listed(
    'Media',
    state.parts.map((part) => ({
      id: part.mediaId,
      duration: part.analysed ? part.durationMs : undefined,
      container: extension(part),
      Part: [
        {
          id: part.partId,
          key: `/library/parts/${part.partId}/${state.addedAt}/file.${extension(part)}`,
          duration: part.analysed ? part.durationMs : undefined,
          file: part.file,
          size: part.analysed ? part.sizeBytes : undefined,
          container: extension(part),
        },
      ],
    })),
  );
}

function extension(part: Part): string {
  return /\.([^./\\]+)$/.exec(part.file)?.[1]?.toLowerCase() ?? 'mkv';
}

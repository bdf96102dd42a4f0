/** Answers about the server and its sections. */
import type { Section, SectionInfo } from './section.ts';
import { listed, type PlexNode } from './tree.ts';

export const PLEX_VERSION = '1.43.2.10687-563d026ea';

export interface ServerFacts {
  readonly machineIdentifier: string;
  readonly friendlyName: string;
  /** Unix seconds. */
  readonly startedAt: number;
}

/** `GET /identity`, the only answer that needs no token. */
export function identity({ machineIdentifier }: ServerFacts): PlexNode {
  return { size: 0, claimed: true, machineIdentifier, version: PLEX_VERSION };
}

/** `GET /`, a small part of what a real server says about itself. */
export function serverRoot(facts: ServerFacts): PlexNode {
  const directories = ['identity', 'library', 'media', 'status'].map((key) => ({
    count: 1,
    key,
    title: key,
  }));
  return {
    size: directories.length,
    allowMediaDeletion: false,
    allowSync: true,
    friendlyName: facts.friendlyName,
    machineIdentifier: facts.machineIdentifier,
    myPlex: true,
    myPlexSigninState: 'ok',
    platform: 'Linux',
    updatedAt: facts.startedAt,
    version: PLEX_VERSION,
    Directory: directories,
  };
}

/** `GET /library`, which python-plexapi reads before anything of a library. */
export function libraryRoot(): PlexNode {
  return {
    size: 1,
    allowSync: false,
    identifier: 'com.plexapp.plugins.library',
    mediaTagPrefix: '/system/bundle/media/flags/',
    title1: 'Plex Library',
    Directory: [{ key: 'sections', title: 'Library Sections' }],
  };
}

/** `GET /library/sections`. `hidden` is a number, as servers send it, not the boolean documented. */
export function sectionList(sections: readonly Section[]): PlexNode {
  return {
    size: sections.length,
    allowSync: true,
    title1: 'Plex Library',
    ...listed('Directory', sections.map(sectionNode)),
  };
}

function sectionNode(section: Section): PlexNode {
  const { id, type, title, agent, scanner, uuid, createdAt, locations } = section.info;
  return {
    allowSync: true,
    art: `/:/resources/${type}-fanart.jpg`,
    composite: `/library/sections/${id}/composite/${section.updatedAt}`,
    filters: true,
    refreshing: section.scansWaiting > 0,
    thumb: `/:/resources/${type}.png`,
    key: id,
    type,
    title,
    agent,
    scanner,
    language: 'xn',
    uuid,
    updatedAt: section.updatedAt,
    createdAt,
    scannedAt: section.scannedAt,
    content: true,
    directory: true,
    contentChangedAt: section.contentChangedAt,
    hidden: 0,
    ...listed('Location', locations),
  };
}

/** `GET /library/sections/{id}`: the ways into a section. */
export function sectionDirectory(section: Section): PlexNode {
  const { id, title, type } = section.info;
  const directories = [
    { key: 'all', title: `All ${title}` },
    { key: 'recentlyAdded', title: 'Recently Added' },
    { key: 'collection', secondary: true, title: 'By Collection' },
    { key: 'genre', secondary: true, title: 'By Genre' },
  ];
  return {
    size: directories.length,
    allowSync: false,
    art: `/:/resources/${type}-fanart.jpg`,
    content: 'secondary',
    identifier: 'com.plexapp.plugins.library',
    librarySectionID: Number(id),
    mediaTagPrefix: '/system/bundle/media/flags/',
    thumb: `/:/resources/${type}.png`,
    title1: title,
    viewGroup: 'secondary',
    Directory: directories,
  };
}

/** What containers of items say about their section. */
export function sectionAttributes({ id, title, uuid }: SectionInfo): PlexNode {
  return {
    allowSync: true,
    identifier: 'com.plexapp.plugins.library',
    librarySectionID: Number(id),
    librarySectionTitle: title,
    librarySectionUUID: uuid,
    mediaTagPrefix: '/system/bundle/media/flags/',
    mediaTagVersion: 1_698_860_922,
  };
}

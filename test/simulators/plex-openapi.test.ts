/**
 * The simulator's answers held against the official OpenAPI document of the Plex Media Server.
 * Its schemas require nothing and forbid nothing, so names are checked too: whatever an answer
 * calls something that the document does not, has to be excused here with a source.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import { ask } from './plex-support.ts';

const SHARED =
  process.env['PLEXSYNC_SHARED'] ?? fileURLToPath(new URL('../../../shared/', import.meta.url));
const DOCUMENT = join(SHARED, 'data/plex-openapi-1.2.2.json');
const missing = !existsSync(DOCUMENT);
if (missing) console.warn(`SKIPPED: the official OpenAPI document is not at ${DOCUMENT}`);

/** Operations that the document describes: what is asked, and as what it is documented. */
const COVERED = [
  ['getIdentity', '/identity', '/identity'],
  ['getSlash', '/', '/'],
  ['libraryGetSections', '/library/sections/all', '/library/sections/all'],
  // Clients use this path, which the document describes only with `/all` behind it.
  ['libraryGetSections', '/library/sections/all', '/library/sections'],
  ['librarySectionGetSection', '/library/sections/{sectionId}', '/library/sections/1'],
  [
    'librarySectionGetAll',
    '/library/sections/{sectionId}/all',
    '/library/sections/1/all?type=1&includeMeta=1&X-Plex-Container-Start=0&X-Plex-Container-Size=5',
  ],
  // `file` is no documented argument, but the answer has the documented shape.
  [
    'librarySectionGetAll',
    '/library/sections/{sectionId}/all',
    '/library/sections/1/all?type=1&file=full.mp4',
  ],
  [
    'librarySectionGetCollections',
    '/library/sections/{sectionId}/collections',
    '/library/sections/1/collections',
  ],
  ['libraryMetadataGetSlash', '/library/metadata/{ids}', '/library/metadata/1001,1002'],
] as const;

/** What the simulator answers and the document does not describe at all. */
const NOT_COVERED = ['/library', '/library/sections', '/library/sections/{sectionId}/genre'];

/** Nor does it say, of any operation here, that these statuses exist; yet servers send them. */
const NOT_COVERED_STATUSES = ['401', '405', '414', '429', '500', '503'];

/** Where recorded answers contradict a schema, the recorded ones are followed. */
const CONTRADICTIONS: Record<string, string> = {
  '/MediaContainer/Directory/0/hidden must be boolean':
    'a recorded answer to /library/sections, quoted in the Go client of DashoTV, has 0',
};

/** Names that the document does not have where they are used, and who has seen them. */
const UNDOCUMENTED: Record<string, string> = {
  uuid: 'python-plexapi library.py LibrarySection',
  guid: 'recorded list and detail in plexopedia, Get All Movies and Get a Movie',
  editionTitle: 'python-plexapi video.py Movie',
  librarySectionKey: 'python-plexapi media.py MediaTag',
  Producer: 'python-plexapi video.py Movie.producers',
  Collection: 'recorded detail in plexopedia, Get a Movie',
  Label: 'python-plexapi media.py Label',
  Field: 'recorded detail in plexopedia, Get a Movie',
  lastRatedAt: 'python-plexapi video.py Video',
  locked: 'python-plexapi media.py Field',
  name: 'python-plexapi media.py Field',
  Meta: 'python-plexapi library.py _loadFilters',
  Type: 'python-plexapi library.py FilteringType',
  FieldType: 'python-plexapi library.py FilteringFieldType',
  Operator: 'python-plexapi library.py FilteringOperator',
  active: 'python-plexapi library.py FilteringType',
};

const unknownRecord = v.record(v.string(), v.unknown());
const operationSchema = v.looseObject({ operationId: v.optional(v.string()) });

function parseRecord(value: unknown): Record<string, unknown> {
  return v.parse(unknownRecord, value);
}

/** Every name that a part of the document uses for a property, references followed. */
function vocabulary(part: unknown, document: unknown, seen = new Set<unknown>()): Set<string> {
  const names = new Set<string>();
  const visit = (value: unknown, isExample: boolean): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    for (const [key, child] of Object.entries(parseEntries(value))) {
      if (isExample) names.add(key);
      if (key === 'properties' && !isExample) {
        for (const name of Object.keys(parseRecord(child))) names.add(name);
      }
      if (key === '$ref' && typeof child === 'string') visit(resolve(document, child), isExample);
      visit(child, isExample || key === 'value' || key === 'example');
    }
  };
  visit(part, false);
  return names;
}

function parseEntries(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value));
}

function resolve(document: unknown, pointer: string): unknown {
  let found = document;
  for (const step of pointer.slice(2).split('/')) {
    found = parseRecord(found)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return found;
}

/** Every name that an answer uses for something. */
function usedNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(usedNames);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(parseEntries(value)).flatMap(([key, child]) => [key, ...usedNames(child)]);
}

describe.skipIf(missing)(
  `the official OpenAPI document${missing ? ' – SKIPPED: it is not beside this checkout' : ''}`,
  () => {
    const document: unknown = missing ? {} : JSON.parse(readFileSync(DOCUMENT, 'utf8'));
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
    let plex: PlexSimulator;
    const excused = new Set<string>();

    beforeAll(async () => {
      addFormats.default(ajv);
      ajv.addSchema(parseRecord(document), 'plex');
      plex = await startPlexSimulator();
      const section = plex.library.addSection({ title: 'Scenes', locations: ['/data'] });
      const files = [{ path: '/data/full.mp4', size: 1000, durationMs: 60_000 }];
      const unread = { path: '/data/u.mp4', size: 1, durationMs: 1, analysed: false };
      const bare = [{ path: '/data/b.mp4', size: 1 }, unread];
      plex.library.addItem(section, { title: 'Bare', files: bare });
      const full = plex.library.addItem(section, {
        title: 'Full',
        titleSort: 'full, sorted',
        files,
        summary: 's',
        date: '2020-01-02',
        studio: 'S',
        genres: ['a'],
        collections: ['c'],
        labels: ['l'],
        actors: ['n'],
        locked: ['title'],
      });
      const tags = ['director', 'writer', 'producer', 'country'].map(
        (kind) => `${kind}[0].tag.tag=x`,
      );
      const texts = ['originalTitle', 'editionTitle', 'contentRating', 'tagline'].map(
        (field) => `${field}.value=x`,
      );
      const numbers = ['userRating', 'rating', 'audienceRating'].map((field) => `${field}.value=5`);
      const actor = 'actor[0].tag.tag=n&actor[0].tagging.text=r&actor[0].tag.thumb=http://t';
      const query = [actor, ...tags, ...texts, ...numbers].join('&');
      const target = `/library/sections/${section}/all?type=1&id=${full}&${query}`;
      const { status } = await ask(plex, target, { method: 'PUT' });
      expect(status).toBe(200);
      const seen = { viewCount: 2, viewOffsetMs: 5000, lastViewedAt: 1_700_000_000 };
      plex.library.setSeen(full, { ...seen, lastRatedAt: 1_700_000_001 });
    });
    afterAll(() => plex.close());

    function operation(path: string, method: string): Record<string, unknown> {
      const paths = parseRecord(parseRecord(document)['paths']);
      return parseRecord(parseRecord(paths[path])[method]);
    }

    it.each(COVERED)('%s describes what %s answers to %s', async (id, path, target) => {
      expect(v.parse(operationSchema, operation(path, 'get')).operationId).toBe(id);
      const { status, headers, body } = await ask(plex, target);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('application/json');
      const pointer = `/paths/${path.replaceAll('/', '~1')}/get/responses/200/content/application~1json`;
      const validate = ajv.compile({ $ref: `plex#${encodeURI(pointer)}/schema` });
      const answer: unknown = JSON.parse(body);
      validate(answer);
      const problems = (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath} ${message}`,
      );
      expect(problems.filter((problem) => !(problem in CONTRADICTIONS))).toEqual([]);
      const known = vocabulary(resolve(document, `#${pointer}`), document);
      const strange = new Set(usedNames(answer).filter((name) => !known.has(name)));
      expect([...strange].filter((name) => !(name in UNDOCUMENTED))).toEqual([]);
      for (const excuse of [...problems, ...strange]) excused.add(excuse);
    });

    it('is contradicted and extended nowhere that this file does not need', () => {
      const listed = [...Object.keys(CONTRADICTIONS), ...Object.keys(UNDOCUMENTED)];
      expect(listed.filter((excuse) => !excused.has(excuse))).toEqual([]);
    });

    it('says nothing of the other paths that clients ask for, nor of most errors', () => {
      const paths = parseRecord(parseRecord(document)['paths']);
      expect(NOT_COVERED.filter((path) => path in paths)).toEqual([]);
      const statuses = COVERED.flatMap(([, path]) =>
        Object.keys(parseRecord(operation(path, 'get')['responses'])),
      );
      expect(NOT_COVERED_STATUSES.filter((status) => statuses.includes(status))).toEqual([]);
    });

    it.each([
      ['id=1001&title.value=x', 200],
      ['id=1001&userRating.value=x', 400],
      ['id=999&title.value=x', 404],
    ])('describes the answer to an edit: %s is %i', async (query, status) => {
      const path = '/library/sections/{sectionId}/all';
      const told = await ask(plex, `/library/sections/1/all?type=1&${query}`, { method: 'PUT' });
      expect(told.status).toBe(status);
      const responses = parseRecord(operation(path, 'put')['responses']);
      const described = parseRecord(responses[String(status)]);
      const pointer = described['$ref'];
      const response = typeof pointer === 'string' ? resolve(document, pointer) : described;
      const types = Object.keys(parseRecord(parseRecord(response)['content']));
      expect(types).toEqual([told.headers['content-type']]);
      expect(JSON.stringify(response)).toContain(JSON.stringify(told.body));
    });

    it('describes the answer to a scan, and a method for it that servers have refused', async () => {
      const path = '/library/sections/{sectionId}/refresh';
      const methods = parseRecord(parseRecord(parseRecord(document)['paths'])[path]);
      expect(Object.keys(methods)).toEqual(['post', 'delete']);
      const described = parseRecord(parseRecord(operation(path, 'post')['responses'])['200']);
      const response = resolve(document, String(described['$ref']));
      const names = v.parse(
        v.array(v.looseObject({ name: v.string() })),
        operation(path, 'post')['parameters'],
      );
      expect(names.map(({ name }) => name)).toEqual(['sectionId', 'force', 'path']);
      for (const method of ['GET', 'POST']) {
        const told = await ask(plex, '/library/sections/1/refresh?path=%2Fdata', { method });
        expect(told.status).toBe(200);
        expect(Object.keys(parseRecord(parseRecord(response)['content']))).toEqual([
          told.headers['content-type'],
        ]);
        expect(JSON.stringify(response)).toContain(JSON.stringify(told.body));
      }
    });

    it.each([
      ['putRate', '/:/rate', '&rating=7', 'put'],
      ['putScrobble', '/:/scrobble', '', 'put'],
      ['putUnscrobble', '/:/unscrobble', '', 'put'],
    ])('describes %s and its answers', async (id, path, more, method) => {
      const described = operation(path, method);
      expect(v.parse(operationSchema, described).operationId).toBe(id);
      const library = 'identifier=com.plexapp.plugins.library';
      for (const [query, status] of [
        [`key=1001&${library}${more}`, 200],
        [`key=1001${more}`, 400],
        [`key=999&${library}${more}`, 404],
      ] as const) {
        // "This API does respond to the GET verb but applications should use PUT."
        for (const verb of ['PUT', 'GET']) {
          const told = await ask(plex, `${path}?${query}`, { method: verb });
          expect([verb, query, told.status]).toEqual([verb, query, status]);
          const answers = parseRecord(described['responses']);
          const one = parseRecord(answers[String(status)]);
          const response = typeof one['$ref'] === 'string' ? resolve(document, one['$ref']) : one;
          const types = Object.keys(parseRecord(parseRecord(response)['content']));
          expect(types).toEqual([told.headers['content-type']]);
          expect(JSON.stringify(response)).toContain(JSON.stringify(told.body));
        }
      }
    });

    it('describes a timeline by POST, with all that PlexSync and python-plexapi send but one', async () => {
      const described = operation('/:/timeline', 'post');
      expect(v.parse(operationSchema, described).operationId).toBe('timelinePostSlash');
      const parameters = v.parse(
        v.array(v.looseObject({ name: v.string(), required: v.optional(v.boolean()) })),
        described['parameters'],
      );
      const sent = ['ratingKey', 'key', 'identifier', 'state', 'time', 'duration'];
      const names = parameters.map(({ name }) => name);
      expect(sent.filter((name) => !names.includes(name))).toEqual(['identifier']);
      const required = parameters.filter((parameter) => parameter.required === true);
      expect(required.map(({ name }) => name)).toEqual(['X-Plex-Client-Identifier']);
      const query = 'ratingKey=1001&key=%2Flibrary%2Fmetadata%2F1001&state=stopped&time=5000';
      const headers = { 'X-Plex-Client-Identifier': 'a-client' };
      const told = await ask(plex, `/:/timeline?${query}`, { method: 'POST', headers });
      const pointer = '/paths/~1:~1timeline/post/responses/200/content/application~1json';
      const validate = ajv.compile({ $ref: `plex#${encodeURI(pointer)}/schema` });
      const answer: unknown = JSON.parse(told.body);
      expect([told.status, validate(answer)]).toEqual([200, true]);
      expect(resolve(document, `#${pointer}/examples/normal/value`)).toEqual(answer);
      const bare = await ask(plex, `/:/timeline?${query}`, { method: 'POST' });
      expect(bare.status).toBe(400);
    });

    it('describes an item to be refreshed by PUT only', () => {
      const paths = parseRecord(parseRecord(document)['paths']);
      const methods = Object.keys(parseRecord(paths['/library/metadata/{ids}/refresh']));
      expect(methods).toEqual(['put']);
    });
  },
);

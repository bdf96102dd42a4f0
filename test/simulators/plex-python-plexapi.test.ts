/**
 * A client that no one here wrote, python-plexapi, reads, searches, edits, locks, tags and untags
 * on the simulator. Each of its checks is one test here, under both readings of tag edits.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import { CHECKS_SCRIPT, pythonEnvironment } from './plex-python-environment.ts';

const environment = await pythonEnvironment();
const CHECK_NAMES = Array.from(
  readFileSync(CHECKS_SCRIPT, 'utf8').matchAll(/^@check\('(.+)'\)$/gm),
  ([, name]) => name ?? '',
);
const reportSchema = v.array(v.object({ name: v.string(), error: v.nullable(v.string()) }));
const run = promisify(execFile);

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i + 1}`);

/** Folders with one file each that no scan has seen yet. */
const NEW_FOLDERS = ['/data/scenes/new + (1) & Ü first', '/data/scenes/other'];

/** One item per check that writes, so that no check sees another's traces. */
function furnish({ library }: PlexSimulator): void {
  const section = library.addSection({ title: 'Scenes', locations: ['/data/scenes'] });
  const add = (title: string, more: object = {}): string =>
    library.addItem(section, {
      title,
      files: [{ path: `/data/scenes/${title}.mp4`, size: 1000, durationMs: 60_000 }],
      ...more,
    });
  for (const title of ['Plain', 'To be renamed', 'Fields', 'Text', 'Poster', 'Batch']) add(title);
  for (const title of numbered('Filler', 10)) add(title);
  const seen = ['Played', 'Stopped', 'Played to the end', 'Seen first', 'Seen last', 'Two viewers'];
  for (const title of seen) add(title);
  for (const title of ['Posters', 'Posters chosen', 'Pictures gone', 'Art', 'Rated']) add(title);
  add('Old', { date: '1999-12-31', studio: 'Acme Pictures' });
  add('Many tags', { genres: numbered('Genre', 4), actors: numbered('Actor', 22) });
  add('Twelve genres', { genres: numbered('One of twelve', 12) });
  add('Commas', { genres: ['A', 'Kept', 'B, c', 'c'] });
  add('Nasty tags', { genres: ['Harmless'], collections: ['Harmless'] });
  add('To be cleared', { summary: 'something', studio: 'somebody' });
  add('Locked', { locked: ['title', 'genre'] });
  add('One of Two (a)', { genres: ['Own a'] });
  add('One of Two (b)', { genres: ['Own b'] });
  const version = (name: string, more: object): object => ({
    path: `/data/scenes/${name}.mp4`,
    size: 1000,
    ...more,
  });
  add('Two versions', {
    files: [
      version('short', { durationMs: 60_000 }),
      version('long', { durationMs: 90_000 }),
      version('unread', { durationMs: 120_000, analysed: false }),
    ],
  });
  for (const folder of NEW_FOLDERS) {
    library.addUnscannedFile(section, { path: `${folder}/in ${folder.slice(-5)}.mp4`, size: 7 });
  }
  add('Newest', { addedAt: Math.floor(Date.now() / 1000) + 60 });
}

const skipped = 'missing' in environment ? ` – SKIPPED: ${environment.missing}` : '';

describe.skipIf('missing' in environment).each(['append', 'replace'] as const)(
  `python-plexapi on a server whose tag edits %s${skipped}`,
  (tagMode) => {
    let plex: PlexSimulator;
    let report = new Map<string, string | null>();

    beforeAll(async () => {
      if ('missing' in environment) return;
      plex = await startPlexSimulator({ switches: { tagMode } });
      furnish(plex);
      const { stdout } = await run(environment.python, [CHECKS_SCRIPT], {
        env: {
          ...process.env,
          PLEX_URL: plex.url,
          PLEX_TOKEN: plex.token,
          GUEST_TOKEN: plex.addUser('guest'),
          SECTION: 'Scenes',
          TAG_MODE: tagMode,
          // A configuration of whoever runs the tests must not change what the client does.
          PLEXAPI_CONFIG_PATH: '/nonexistent',
          PYTHONDONTWRITEBYTECODE: '1',
          NO_PROXY: '127.0.0.1',
        },
        maxBuffer: 10_000_000,
      });
      const parsed = v.parse(reportSchema, JSON.parse(stdout));
      report = new Map(parsed.map(({ name, error }) => [name, error]));
    }, 120_000);

    afterAll(async () => {
      if (!('missing' in environment)) await plex.close();
    });

    it.each(CHECK_NAMES)('%s', (name) => {
      expect(report.get(name), `the report has no check "${name}"`).toBeDefined();
      expect(report.get(name)).toBeNull();
    });

    it('ran no check that is not a test here', () => {
      expect([...report.keys()].toSorted()).toEqual(CHECK_NAMES.toSorted());
    });

    it('asked for scans by GET, of one folder and of the whole section, and once for all metadata', () => {
      const [folder] = NEW_FOLDERS;
      expect(plex.scans).toMatchObject([
        { method: 'GET', path: folder, force: false, state: 'done' },
        { method: 'GET', path: undefined, force: false, state: 'done' },
        { method: 'GET', path: undefined, force: true, state: 'done' },
      ]);
    });

    it('never edited without naming an item but where it says so: lockAllField, unlockAllField', () => {
      const everyItem = plex.history('1001').filter((record) => record.everyItem);
      expect(everyItem.map(({ query }) => query)).toEqual([
        'tagline.locked=1&type=1',
        'tagline.locked=0&type=1',
      ]);
      expect(plex.counts().everyItemEdits).toBe(2);
    });
  },
);

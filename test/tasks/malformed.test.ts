// Arguments that cannot be meant, for every operation there is: an error that names the field, an
// exit status, and nothing changed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { rows } from '../../src/store/file/sql.ts';
import { taskNames } from '../../src/tasks/dispatch.ts';
import { addReview, makePlace, type Place, t0 } from '../cli/support.ts';
import { ask } from './support.ts';

/** Of an operation without arguments there is nothing to get wrong. */
const withoutArguments = [
  'sync-all',
  'mappings',
  'libraries',
  'health',
  'support',
  'outages',
  'runs',
  'end-reconcile',
  'tell',
  'settings-saved',
];
/**
 * Its own test checks the arguments alone: called without any it would search the network, which no
 * test may do by a slip.
 */
const elsewhere = ['find-plex'];

const wrong: Readonly<Record<string, readonly (readonly [object, string])[]>> = {
  status: [[{ after: 5 }, 'after']],
  process: [
    [{ continued: 'yes' }, 'continued'],
    [{ done: -1 }, 'done'],
    [{ done: 0.5 }, 'done'],
  ],
  sync: [
    [{}, 'scene'],
    [{ scene: 0 }, 'scene'],
  ],
  'sync-changed': [[{ since: 'yesterday' }, 'since']],
  metrics: [
    [{ out: 5 }, 'out'],
    [{ out: 'x'.repeat(4_097) }, 'out'],
  ],
  scene: [
    [{}, 'scene'],
    [{ scene: 'x' }, 'scene'],
    [{ scene: -1 }, 'scene'],
    [{ scene: [1] }, 'scene'],
  ],
  pin: [[{ scene: {}, item: 1 }, 'scene']],
  never: [[{ scene: 'x' }, 'scene']],
  unpin: [[{}, 'scene']],
  review: [[{ reason: 'none' }, 'reason']],
  history: [[{ field: '; DROP TABLE change' }, 'field']],
  viewing: [[{ field: 'title' }, 'field']],
  queue: [
    [{ limit: 501 }, 'limit'],
    [{ search: ['a'] }, 'search'],
    [{ search: 'x'.repeat(501) }, 'search'],
  ],
  'dead-letters': [[{ cause: ['plex-reset', 5] }, 'cause']],
  waiting: [[{ reason: [] }, 'reason']],
  extras: [[{ state: 'gone' }, 'state']],
  coverage: [[{ group: 'all' }, 'group']],
  retry: [
    [{ all: 'yes' }, 'all'],
    [{ all: true, cause: 'internal' }, 'keys'],
    [{ keys: [] }, 'keys'],
  ],
  first: [
    [{ keys: ["scene:1' OR 1=1"] }, 'keys'],
    [{ keys: ['scene:0'] }, 'keys'],
  ],
  remove: [
    [{ all: true }, 'list'],
    [{ list: 'everything', all: true }, 'list'],
    [{ list: 'queue', keys: [null] }, 'keys'],
    [{ list: 'queue', all: true, search: 'x' }, 'search'],
  ],
  clear: [
    [{ yes: 1 }, 'yes'],
    [{ cause: 'plex-reset' }, 'cause'],
  ],
  purge: [
    [{ days: -1 }, 'days'],
    [{ cause: '' }, 'cause'],
    [{ causes: ['plex-reset'] }, 'causes'],
    [{ day: 30 }, 'day'],
  ],
  pause: [[{ setup: 'perhaps' }, 'setup']],
  resume: [[{ setup: 'perhaps' }, 'setup']],
  'check-settings': [
    [{ settings: {} }, 'changed'],
    [{ settings: 'x', changed: 'tagLimit' }, 'settings'],
  ],
  'release-locks': [[{ yes: 'x' }, 'yes']],
  'recover-outage': [
    [{ outage: 0 }, 'outage'],
    [{ outage: 1, from: 24 }, 'outage'],
    [{ from: 'yesterday' }, 'from'],
    [{ cause: ['plex-reset', 5] }, 'cause'],
    [{ causes: 'plex-reset' }, 'causes'],
  ],
  reconcile: [
    [{ scope: 'month' }, 'scope'],
    [{ from: '2026-01-01' }, 'scope'],
    [{ scope: 'custom' }, 'from'],
    [{ scope: 'custom', from: 'yesterday' }, 'from'],
    [{ library: '' }, 'library'],
    [{ kinds: 'odd' }, 'kinds'],
    [{ dry: 'yes' }, 'dry'],
  ],
  gaps: [
    [{ kind: 'odd' }, 'kind'],
    [{ limit: 501 }, 'limit'],
  ],
  'release-gaps': [
    [{ kind: 'odd' }, 'kind'],
    [{ scenes: 5 }, 'scenes'],
    [{ gap: 1, kind: 'stale' }, 'gap'],
  ],
  'ignore-gap': [[{}, 'gap']],
};

const held = ['queue', 'dead_letter', 'review', 'pin', 'scene_state'] as const;
const contentOf = (place: Place): unknown => ({
  tables: place.withStore((db) => held.map((table) => rows(db, `SELECT * FROM ${table}`))),
  state: place.withStore((db) =>
    rows(
      db,
      `SELECT * FROM state WHERE name NOT IN ('connection', 'clock-seen-at', 'stash-lives')`,
    ),
  ),
  spool: readdirSync(join(place.data, 'spool')),
});

describe('malformed arguments', () => {
  it('are tried with every operation that has arguments', () => {
    const known = [...withoutArguments, ...elsewhere, ...Object.keys(wrong)];
    expect(known.toSorted()).toEqual([...taskNames].toSorted());
  });

  it.each(Object.keys(wrong))(
    'of %s are an error that names the field, and change nothing',
    async (name) => {
      const place = makePlace();
      place.withStore((db) => {
        raiseScene(db, 1, t0, 'choice', 'c');
        addReview(db, { scene: 2, candidates: [] });
      });
      const before = contentOf(place);
      for (const [args, field] of wrong[name] ?? []) {
        const { code, output, error, log } = await ask(place, { name, ...args });
        expect({ code, output }).toEqual({ code: 1, output: undefined });
        expect(error).toMatch(
          new RegExp(`^The argument "${field}" (must|is missing|is not known here)`),
        );
        expect(error?.length).toBeLessThan(700);
        expect(log).toEqual([error]);
      }
      expect(contentOf(place)).toEqual(before);
      const written = readFileSync(join(place.data, 'plex-sync.log'), {
        encoding: 'utf8',
        flag: 'a+',
      });
      expect(written).toBe('');
    },
  );
});

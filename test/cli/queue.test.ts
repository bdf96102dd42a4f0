// The queue in a terminal: its lists, and what can be done to it.
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { coverageAnswer } from '../../src/contract/coverage.ts';
import { deadLettersAnswer, queueAnswer, waitingAnswer } from '../../src/contract/lists.ts';
import { bury } from '../../src/store/queue/deadLetter.ts';
import type { Database } from '../../src/store/file/database.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { putSceneTitle } from '../../src/store/mirror/sceneTitle.ts';
import { addReview, addScene, type Ended, makePlace, type Place, t0 } from './support.ts';

const answered = (ended: Ended): string => {
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended.stdout;
};

function giveUp(db: Database, scene: number): void {
  raiseScene(db, scene, t0, 'choice', 'c', 0);
  const [row] = claim(db, t0, 1);
  if (row === undefined) throw new Error('it was not claimed');
  const error = { code: 'plex-not-confirmed', message: 'Plex does not show it', field: 'genre' };
  bury(db, row, { ...error, code: 'plex-not-confirmed' }, 1, t0);
}

function filled(): Place {
  const place = makePlace();
  place.withStore((db) => {
    giveUp(db, 5);
    addScene(db, 12);
    putSceneTitle(db, 12, 'Night\u001b[31m Train');
    raiseScene(db, 12, t0 + 1_000, 'index', 'c');
    raiseScene(db, 13, t0 + 2_000, 'choice', 'c', 0);
  });
  return place;
}

describe('plexsync queue, dead-letters and waiting', () => {
  it('[1.2 QUEUE-01] show what waits, one line each, and find it by a part of its title', async () => {
    const place = filled();
    const shown = answered(await place.plexsync('queue'));
    expect(shown.split('\n')).toEqual([
      '2 changes wait.',
      expect.stringMatching(/^what +since +next +tries +order +source +cause$/),
      expect.stringMatching(/^scene:12 +Night\[31m Train +2026-01-02 03:04 .* bulk +index$/),
      expect.stringMatching(/^scene:13 .* first +choice$/),
      '',
    ]);
    expect(answered(await place.plexsync('queue', '--search', 'night'))).toContain(
      '1 change waits',
    );
    expect(answered(await place.plexsync('queue', '--limit', '1'))).toContain(
      '1 more are not shown: see --limit and --offset.',
    );
    const json: unknown = JSON.parse(answered(await place.plexsync('queue', '--json')));
    expect(v.parse(queueAnswer, json).rows[0]).toMatchObject({ key: 'scene:12', cause: null });
  });

  it('[1.4 GAP-03] show how many scenes stand how, and which they are', async () => {
    const place = filled();
    expect(
      answered(await place.plexsync('coverage'))
        .split('\n')
        .slice(0, -2),
    ).toEqual([
      expect.stringMatching(/^2 +queued +wait to be pushed$/),
      expect.stringMatching(/^\d +failed +failed and were given up$/),
    ]);
    const shown = answered(await place.plexsync('coverage', '--group', 'queued', '--limit', '1'));
    expect(shown).toMatch(/^12 +Night\[31m Train/m);
    expect(shown).toContain('1 more are not shown');
    const json: unknown = JSON.parse(answered(await place.plexsync('coverage', '--json')));
    expect(v.parse(coverageAnswer, json)).toMatchObject({ counts: { queued: 2 }, total: 0 });
  });

  it('[1.0 RTRY-03] show what was given up, with what it means and the way out', async () => {
    const place = filled();
    const shown = answered(await place.plexsync('dead-letters'));
    expect(shown).toContain('1 change was given up.');
    expect(shown).toMatch(/^scene:5 .* plex-not-confirmed +genre +Plex does not show it$/m);
    expect(shown).toMatch(/^plex-not-confirmed: Plex accepted the change twice .* See in Plex /m);
    expect(shown).toContain('plexsync retry');
    expect(answered(await place.plexsync('dead-letters', '--cause', 'internal'))).toBe(
      'Nothing was given up.\n',
    );
    const json: unknown = JSON.parse(answered(await place.plexsync('dead-letters', '--json')));
    expect(v.parse(deadLettersAnswer, json).rows[0]).toMatchObject({
      key: 'scene:5',
      field: 'genre',
    });
    expect(answered(await place.plexsync('status'))).toMatch(
      /^1 failed \(plex-not-confirmed\): Plex accepted the change twice/m,
    );
  });

  it('[1.4 GAP-03] show scenes without an item, by reason, with the way out', async () => {
    const place = filled();
    const shown = answered(await place.plexsync('waiting'));
    expect(shown).toContain('1 scene has no Plex item.');
    expect(shown).toMatch(/^waiting: Plex has not scanned its file yet\. Have Plex scan/m);
    expect(answered(await place.plexsync('waiting', '--reason', 'outside,no-file'))).toMatch(
      /^No /,
    );
    const json: unknown = JSON.parse(answered(await place.plexsync('waiting', '--json')));
    expect(v.parse(waitingAnswer, json).rows[0]).toMatchObject({ scene: 12, path: '/data/12.mp4' });
  });

  it('[1.0 MATCH-03] review finds scenes by title, path, number and reason', async () => {
    const place = makePlace();
    place.withStore((db) => {
      addReview(db, { scene: 1, title: 'One', candidates: [] });
      addReview(db, { scene: 2, reason: 'taken', path: '/data/two.mp4', candidates: [] });
      putSceneTitle(db, 1, 'One');
    });
    for (const [args, scene] of [
      [['--search', 'one'], 1],
      [['--search', 'TWO'], 2],
      [['--reason', 'taken'], 2],
    ] as const) {
      const shown = answered(await place.plexsync('review', ...args));
      expect(shown).toContain('1 scene waits for your choice.');
      expect(shown).toContain(`Scene ${scene}`);
    }
  });
});

describe('what is done to the queue in a terminal', () => {
  it('[1.2 QUEUE-04] that destroys something is told first, and done with --yes', async () => {
    const place = filled();
    expect(answered(await place.plexsync('clear'))).toBe(
      '2 changes would be removed from the queue and not reach Plex, until the scenes are saved or synced again. Nothing was changed: add --yes to do it.\n',
    );
    expect(answered(await place.plexsync('purge'))).toBe(
      '1 dead letter would be removed. Nothing was changed: add --yes to do it.\n',
    );
    expect(answered(await place.plexsync('remove', '--all', '--list', 'queue'))).toMatch(/--yes/);
    expect(answered(await place.plexsync('queue'))).toContain('2 changes wait.');
    expect(answered(await place.plexsync('release-locks', '--yes'))).toBe(
      'PlexSync knows of no lock that it set in Plex. Nothing was changed.\n',
    );

    expect(answered(await place.plexsync('remove', '--keys', '12', '--list', 'queue'))).toBe(
      'Removed 1 change from the queue.\n',
    );
    expect(answered(await place.plexsync('clear', '--yes'))).toBe(
      'Removed 1 change from the queue.\n',
    );
    expect(answered(await place.plexsync('clear', '--yes'))).toBe(
      'Nothing was there to remove from the queue.\n',
    );
    expect(answered(await place.plexsync('purge', '--days', '1', '--yes'))).toBe(
      'Removed 1 dead letter.\n',
    );
  });

  it('[1.0 RTRY-03] retries by cause and puts first by key, and wakes a worker', async () => {
    const place = filled();
    expect(answered(await place.plexsync('retry', '--cause', 'plex-not-confirmed'))).toBe(
      '1 change is tried again at once.\n',
    );
    expect(answered(await place.plexsync('retry', '--all'))).toBe(
      'There is no such dead letter.\n',
    );
    expect(answered(await place.plexsync('first', '--keys', '12'))).toBe(
      '1 change goes before all others.\n',
    );
    expect(place.woken()).toHaveLength(3);
    expect(place.withStore((db) => claim(db, Date.now(), 1)).map(({ key }) => key)).toEqual([
      'scene:12',
    ]);
  });

  it('[1.2 QUEUE-05] pauses and resumes, and says what is so', async () => {
    const place = filled();
    expect(answered(await place.plexsync('pause'))).toMatch(/^PlexSync is paused: .* 2 wait\.\n$/);
    expect(answered(await place.plexsync('status'))).toMatch(/^PlexSync has been paused for /);
    expect(answered(await place.plexsync('resume'))).toBe(
      'PlexSync goes on: 2 changes wait to be pushed.\n',
    );
    expect(answered(await place.plexsync('status'))).toMatch(/^2 changes wait/);
  });

  it('pauses for the setup alone, whose end leaves a pause of a person’s', async () => {
    const place = filled();
    const isSetUp = /^PlexSync is being set up: /;
    expect(answered(await place.plexsync('pause', '--setup'))).toMatch(/^Until the setup is/);
    expect(answered(await place.plexsync('status'))).toMatch(isSetUp);
    expect(answered(await place.plexsync('resume', '--setup'))).toMatch(/^PlexSync goes on: /);
    await place.plexsync('pause');
    await place.plexsync('pause', '--setup');
    expect(answered(await place.plexsync('status'))).toMatch(isSetUp);
    expect(answered(await place.plexsync('resume', '--setup'))).toMatch(/PlexSync stays paused/);
    expect(answered(await place.plexsync('resume'))).toMatch(/^PlexSync goes on: /);
  });
});

// What a person decides in a terminal: the item of a scene, none at all, or as PlexSync finds it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { choiceAnswer, pinAnswer } from '../../src/contract/choices.ts';
import { reviewAnswer } from '../../src/contract/review.ts';
import { pinItem, pinOf } from '../../src/store/match/pin.ts';
import type { Database } from '../../src/store/file/database.ts';
import { reviewCount } from '../../src/store/match/review.ts';
import { rows } from '../../src/store/file/sql.ts';
import {
  addItem,
  addOwner,
  addReview,
  addScene,
  indexMade,
  makePlace,
  type Place,
} from './support.ts';

/** The scenes that the worker has been given to do, and why. */
function raised(place: Place): readonly string[] {
  return place.withStore((db) =>
    rows(db, 'SELECT key, source, priority FROM queue ORDER BY entity_id').map(
      ({ key, source, priority }) => `${String(key)} ${String(source)} ${String(priority)}`,
    ),
  );
}

function placeWith(fill: (db: Database) => void): Place {
  const place = makePlace();
  place.withStore((db) => {
    indexMade(db);
    fill(db);
  });
  return place;
}

describe('[1.0 MATCH-03] plexsync pin', () => {
  it('gives the scene the item, before everything else, and wakes the worker', async () => {
    const place = placeWith((db) => {
      addScene(db, 12);
      addItem(db, '345', '/media/a.mp4');
    });
    const { code, stdout, stderr } = await place.plexsync('pin', '12', '345');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('Scene 12 is Plex item 345 from now on: Night Train (/media/a.mp4).\n');
    expect(place.withStore((db) => pinOf(db, 12))).toEqual({
      kind: 'item',
      ratingKey: '345',
      sectionId: '1',
      source: 'person',
      files: [{ path: '/media/a.mp4', name: 'a.mp4', size: 1_000, durationMs: 60_000 }],
    });
    expect(raised(place)).toEqual(['scene:12 choice 0']);
    expect(place.woken()).toEqual([place.data]);
    const log = readFileSync(join(place.data, 'plex-sync.log'), 'utf8');
    expect(log).toContain('"event":"choice"');
    expect(log).toContain('"key":"scene:12"');
  });

  it('is answered as a document, and may be said twice', async () => {
    const place = placeWith((db) => {
      addScene(db, 12);
      addItem(db, '345', '/media/a.mp4', '');
    });
    for (const _ of ['once', 'twice']) {
      const { code, stdout } = await place.plexsync('pin', '12', '345', '--json');
      expect(code).toBe(0);
      expect(v.parse(pinAnswer, JSON.parse(stdout))).toEqual({
        scene: 12,
        item: '345',
        title: '',
        file: '/media/a.mp4',
        sentence: 'Scene 12 is Plex item 345 from now on: without a title (/media/a.mp4).',
      });
    }
  });

  it('has the scene that had the item matched anew, and those in review for it or for the one before', async () => {
    const place = placeWith((db) => {
      addItem(db, '345', '/media/a.mp4');
      addItem(db, '346', '/media/b.mp4');
      addOwner(db, 7, '345');
      addReview(db, { scene: 12, candidates: [{ item: '345', score: 70 }] });
      addReview(db, { scene: 13, candidates: [{ item: '345', score: 70 }] });
      addReview(db, { scene: 14, candidates: [{ item: '346', score: 70 }] });
      addReview(db, { scene: 15, candidates: [{ item: '347', score: 70 }] });
      const files = [{ path: '/media/b.mp4', name: 'b.mp4', size: 1_000, durationMs: null }];
      pinItem(db, 12, { ratingKey: '346', sectionId: '1', source: 'person', files }, 1);
    });
    const { stdout } = await place.plexsync('pin', '12', '345');
    expect(stdout).toContain('It was scene 7’s, which is matched anew.');
    expect(raised(place)).toEqual([
      'scene:7 choice 0',
      'scene:12 choice 0',
      'scene:13 choice 0',
      'scene:14 choice 0',
    ]);
    // It asks no more: it was answered.
    expect(place.withStore(reviewCount)).toBe(3);
  });

  it('refuses an item that it does not know, says where numbers stand, and changes nothing', async () => {
    const place = placeWith((db) => {
      addReview(db, { scene: 12, candidates: [] });
    });
    const { code, stdout, stderr } = await place.plexsync('pin', '12', '345');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^PlexSync knows no Plex item 345 with a file in the libraries/);
    expect(stderr).toContain('in its address in Plex, after metadata%2F');
    expect(stderr).toContain('A new one is known after the next look into Plex');
    expect(raised(place)).toEqual([]);
    expect(place.withStore((db) => [pinOf(db, 12), reviewCount(db)])).toEqual([null, 1]);
    expect(place.woken()).toEqual([]);
  });

  it('says so where Plex was never looked into', async () => {
    const { code, stderr } = await makePlace().plexsync('pin', '12', '345');
    expect(code).toBe(1);
    expect(stderr).toContain('has not read Plex’s libraries yet');
  });

  it('refuses an item that was chosen for another scene, names it and the way out', async () => {
    const place = placeWith((db) => {
      addScene(db, 7);
      addScene(db, 12);
      addItem(db, '345', '/media/a.mp4');
    });
    await place.plexsync('pin', '7', '345');
    const refused = await place.plexsync('pin', '12', '345');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      'Plex item 345 was chosen for scene 7. First take that choice back: unpin 7.\n',
    );
    expect((await place.plexsync('unpin', '7')).code).toBe(0);
    expect((await place.plexsync('pin', '12', '345')).code).toBe(0);
  });

  it('says so of a scene that it has never met, or that is gone', async () => {
    const place = placeWith((db) => {
      addItem(db, '345', '/media/a.mp4');
    });
    const { code, stdout } = await place.plexsync('pin', '99', '345');
    expect(code).toBe(0);
    expect(stdout).toContain('PlexSync has not met scene 99 yet: if Stash has none of that number');
  });
});

describe('[1.0 MATCH-03] plexsync never', () => {
  it('ends the question for good, and says that what was written stays', async () => {
    const place = placeWith((db) => {
      addOwner(db, 7, '345');
      addReview(db, { scene: 12, candidates: [{ item: '345', score: 70 }] });
    });
    const asked = await place.plexsync('never', '12', '--json');
    expect(v.parse(choiceAnswer, JSON.parse(asked.stdout))).toEqual({
      scene: 12,
      sentence: 'Scene 12 is never written to Plex from now on.',
    });
    expect(place.withStore((db) => [pinOf(db, 12), reviewCount(db)])).toEqual([
      { kind: 'never' },
      0,
    ]);
    const owner = await place.plexsync('never', '7');
    expect(owner.stdout).toBe(
      'Scene 7 is never written to Plex from now on. What PlexSync wrote into its Plex item 345 until now stays there.\n',
    );
    expect(raised(place)).toEqual(['scene:7 choice 0', 'scene:12 choice 0']);
    expect(place.woken()).toEqual([place.data, place.data]);
  });
});

describe('[1.0 MATCH-03] plexsync unpin', () => {
  it('takes back either choice, and has others look at the item again', async () => {
    const place = placeWith((db) => {
      addScene(db, 12);
      addScene(db, 13);
      addItem(db, '345', '/media/a.mp4');
    });
    await place.plexsync('pin', '12', '345');
    await place.plexsync('never', '13');
    place.withStore((db) => {
      db.exec('DELETE FROM queue');
      addReview(db, { scene: 14, reason: 'taken', candidates: [{ item: '345', score: 95 }] });
    });
    expect((await place.plexsync('unpin', '12')).stdout).toBe(
      'The choice for scene 12 (Plex item 345) is taken back: PlexSync matches it again by itself.\n',
    );
    expect((await place.plexsync('unpin', '13')).stdout).toContain('(never)');
    expect(place.withStore((db) => [pinOf(db, 12), pinOf(db, 13)])).toEqual([null, null]);
    expect(raised(place)).toEqual(['scene:12 choice 0', 'scene:13 choice 0', 'scene:14 choice 0']);
  });

  it('says so where there was none, without an error', async () => {
    const place = makePlace();
    const { code, stdout } = await place.plexsync('unpin', '12');
    expect(code).toBe(0);
    expect(stdout).toBe('There was no choice for scene 12; nothing was changed.\n');
    expect(raised(place)).toEqual([]);
  });

  it('warns of a link at the scene that would be found again', async () => {
    const place = placeWith((db) => {
      addScene(db, 12);
      pinItem(db, 12, { ratingKey: '345', sectionId: '1', source: 'url', files: [] }, 1);
    });
    const { stdout } = await place.plexsync('unpin', '12');
    expect(stdout).toContain('A link at the scene named that item');
  });
});

describe('[1.0 MATCH-03] plexsync review', () => {
  it('shows each scene with the reason, its candidates with score and why, and what to type', async () => {
    const place = placeWith((db) => {
      addReview(db, {
        scene: 12,
        reason: 'several-items',
        title: 'Night Train',
        path: '/data/night train.mp4',
        candidates: [
          { item: '346', score: 70, why: 'the same name, but another size' },
          { item: '345', score: 90, title: 'Night Train (2019)', file: '/media/Night Train.mp4' },
        ],
      });
      addReview(db, {
        scene: 9,
        since: Date.UTC(2026, 0, 1, 10, 30),
        title: '',
        candidates: [{ item: '347', score: 70 }],
      });
      addReview(db, { scene: 10, reason: 'pin-gone', candidates: [] });
    });
    const { code, stdout, stderr } = await place.plexsync('review');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      '3 scenes wait for your choice.',
      '',
      'Scene 9',
      '  /data/9.mp4',
      '  No Plex item fits surely enough; it has waited since 2026-01-01 10:30.',
      '    item 347   70  Item 347  /media/347.mp4  the same name and size',
      '  To choose: plexsync pin 9 347    None of Plex’s: plexsync never 9',
      '',
      'Scene 10  Night Train',
      '  /data/10.mp4',
      '  The Plex item that was chosen is gone; it has waited since 2026-01-02 03:04.',
      '  To choose: plexsync pin 10 <item>    None of Plex’s: plexsync never 10',
      '',
      'Scene 12  Night Train',
      '  /data/night train.mp4',
      '  Several Plex items fit equally well; it has waited since 2026-01-02 03:04.',
      '    item 345   90  Night Train (2019)  /media/Night Train.mp4  the same name and size',
      '    item 346   70  Item 346            /media/346.mp4          the same name, but another size',
      '  To choose: plexsync pin 12 <item>    None of Plex’s: plexsync never 12',
      '',
    ]);
  });

  it('says so when there is nothing to choose', async () => {
    const { code, stdout } = await makePlace().plexsync('review');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'No scene waits for your choice.\n' });
  });

  it('answers in pages, and tells of those not shown', async () => {
    const place = placeWith((db) => {
      for (let scene = 1; scene <= 60; scene += 1) addReview(db, { scene, candidates: [] });
    });
    const first = await place.plexsync('review');
    expect(first.stdout).toContain('60 scenes wait for your choice.');
    expect(first.stdout).toContain('10 more are not shown: see --limit and --offset.');
    const page = await place.plexsync('review', '--json', '--offset', '55', '--limit', '3');
    const answer = v.parse(reviewAnswer, JSON.parse(page.stdout));
    expect(answer.total).toBe(60);
    expect(answer.reviews.map(({ scene }) => scene)).toEqual([56, 57, 58]);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const place = placeWith((db) => {
      for (let scene = 1; scene <= 500; scene += 1) {
        addReview(db, { scene, title: 'long '.repeat(100), candidates: [] });
      }
    });
    const program = `'${process.execPath}' --disable-warning=ExperimentalWarning '${place.plugin}/plex-sync.cjs'`;
    const ended = await place.call(['-c', `${program} review --limit 500 | head -1`], {
      command: ['sh'],
    });
    expect(ended).toEqual({ code: 0, stdout: '500 scenes wait for your choice.\n', stderr: '' });
  });

  it('cuts titles and paths at the width of the terminal, and lets none of them command it', async () => {
    const place = placeWith((db) => {
      addReview(db, {
        scene: 12,
        title: `\u001b[31mRed\u009b2J\r\nalarm\u202e ${'long '.repeat(40)}`,
        path: `/data/${'folder/'.repeat(20)}clip.mp4`,
        candidates: [
          {
            item: '345',
            score: 70,
            title: `夜の列車 ${'とても長い '.repeat(20)}`,
            file: `/media/${'folder/'.repeat(20)}clip.mp4`,
          },
        ],
      });
    });
    const { stdout } = await place.call(['review'], { env: { COLUMNS: '80' } });
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    const lines = stdout.split('\n');
    expect(lines.find((line) => line.startsWith('Scene 12'))).toMatch(/^Scene 12 {2}\[31mRed.*…$/);
    expect(lines.filter((line) => line.includes('…'))).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^ {2}\/data\/folder.*…older\/.*\/clip\.mp4$|clip\.mp4$/m);

    const json = await place.plexsync('review', '--json');
    expect(json.stdout).not.toMatch(/[^\P{Cc}\n]/u);
    const [review] = v.parse(reviewAnswer, JSON.parse(json.stdout)).reviews;
    expect(review?.title).toContain('\u001b[31mRed\u009b2J\r\nalarm');
  });
});

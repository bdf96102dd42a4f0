// One scene, and what was changed, in a terminal.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { historyAnswer } from '../../src/contract/history.ts';
import { sceneViewAnswer } from '../../src/contract/sceneView.ts';
import { type Change, recordChanges } from '../../src/store/mirror/change.ts';
import { putSceneTitle } from '../../src/store/mirror/sceneTitle.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { addItem, addOwner, addReview, makePlace, type Place, t0 } from './support.ts';

const change = (sceneId: number, more: Partial<Change> = {}): Change => ({
  sceneId,
  ratingKey: String(100 + sceneId),
  sectionId: '1',
  field: 'title',
  before: 'scanned',
  after: 'Night Train',
  lockedBefore: false,
  lockedAfter: true,
  run: 'c',
  at: t0,
  ...more,
});

/** Without any way to Stash: what PlexSync knows by itself. */
function filled(): Place {
  const place = makePlace();
  place.withStore((db) => {
    addItem(db, '112', '/media/12.mp4');
    addOwner(db, 12, '112');
    putSceneTitle(db, 12, 'Night\u001b[31m Train');
    addReview(db, { scene: 13, candidates: [{ item: '345', score: 75 }] });
    const genres = { field: 'genre', before: [], after: ['a', 'b'] } as const;
    transaction(db, () => {
      recordChanges(db, [change(12), change(12, genres), change(14)], t0);
    });
  });
  return place;
}

describe('plexsync scene', () => {
  it('shows a scene with its item, its fields and its history, in 80 columns', async () => {
    const place = filled();
    const { code, stdout } = await place.call(['scene', '12'], { env: { COLUMNS: '80' } });
    expect(code).toBe(0);
    expect(stdout).toContain('Scene 12  Night[31m Train\n  /data/12.mp4\n');
    expect(stdout).toContain('Stash could not be asked');
    expect(stdout).toContain('Plex item 112 (not looked at now)  Pushed\n  /media/12.mp4\n');
    expect(stdout).toContain('the same path (98)');
    expect(stdout).toMatch(/^title +\? .*\n {4}pushed {3}Pushed$/m);
    expect(stdout).toContain('2 changes in Plex, the newest first:');
    expect(stdout).toMatch(/^2026-01-02 03:04 {2}genre +- +a, b +set$/m);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('shows what there is to choose from, and what to type', async () => {
    const { stdout } = await filled().plexsync('scene', '13');
    expect(stdout).toContain('No Plex item\n  A person has to choose the item. No Plex item fits');
    expect(stdout).toMatch(/item 345 {3}75 {2}Item 345 {2}\/media\/345\.mp4/);
    expect(stdout).toContain('To choose: plexsync pin 13 <item>');
  });

  it('answers the operation’s document with --json, and wakes nobody', async () => {
    const place = filled();
    const { code, stdout } = await place.plexsync('scene', '12', '--json');
    const answer = v.parse(sceneViewAnswer, JSON.parse(stdout));
    expect({ code, item: answer.item.item }).toEqual({ code: 0, item: '112' });
    expect(answer.live.stash?.code).toBe('stash-unreachable');
    expect(place.woken()).toEqual([]);
  });

  it('wants the number of a scene', async () => {
    expect(await filled().plexsync('scene', 'x')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('plexsync history', () => {
  it('shows the changes, the newest first, of one scene, item or field, in pages', async () => {
    const place = filled();
    const all = (await place.plexsync('history')).stdout.split('\n');
    expect(all[0]).toBe('3 changes, the newest first.');
    expect(all[2]).toMatch(/^2026-01-02 03:04 {2}14 +114 +title +scanned +Night Train +set$/);
    const ofScene = (await place.plexsync('history', '--scene', '12', '--field', 'genre')).stdout;
    expect(ofScene).toMatch(/^1 change\.\n/);
    expect(ofScene).toMatch(/112 +genre +- +a, b +set/);
    const page = (await place.plexsync('history', '--limit', '1', '--offset', '1')).stdout;
    expect(page).toContain('2 more are not shown: see --limit and --offset.');
    expect((await place.plexsync('history', '--item', '999')).stdout).toBe('No change is known.\n');
    const json = await place.plexsync('history', '--item', '114', '--json');
    expect(v.parse(historyAnswer, JSON.parse(json.stdout)).total).toBe(1);
  });

  it('wants a field that can be one', async () => {
    expect(await filled().plexsync('history', '--field', 'no field')).toMatchObject({ code: 2 });
  });
});

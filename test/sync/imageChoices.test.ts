// What a person chose as an item's picture stays, however it was chosen and whatever became of ours.
import { describe, expect, it } from 'vitest';
import { extraBackoff } from '../../src/domain/recover/backoff.ts';
import { largestImageBytes } from '../../src/domain/mirror/image.ts';
import { imageOf } from '../../src/store/mirror/image.ts';
import { extraOf } from '../../src/store/queue/extra.ts';
import { forgetAll } from '../../src/sync/match/forget.ts';
import { releaseImageLocks } from '../../src/sync/extras/imageLocks.ts';
import { sendExtras } from '../../src/sync/extras/extras.ts';
import { ensureIndex } from '../../src/sync/match/libraryIndex.ts';
import { jpeg } from '../helpers/pictures.ts';
import { itemOf, nameOf, posterOf, postersOnly, setCover, setUp } from './imageStage.ts';

describe('a poster that a person chose over ours', () => {
  it.each(['seen', 'not seen yet'])('keeps its lock when ours are released (%s)', async (seen) => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    const [chosen, ours] = scenes;
    if (chosen === undefined || ours === undefined) throw new Error('none');
    await stage.sync(scenes);
    stage.plex.library.setImageByPerson(chosen.key, 'posters', jpeg('chosen'));
    if (seen === 'seen') {
      setCover(stage, chosen, jpeg('c'));
      await stage.sync([chosen]);
    }
    expect(await releaseImageLocks(stage.context(), 'poster')).toMatchObject({ released: 1 });
    expect(itemOf(stage, chosen).locked).toEqual(['thumb']);
    expect(itemOf(stage, ours).locked).toEqual([]);
    expect(await releaseImageLocks(stage.context(), 'poster')).toMatchObject({ released: 0 });
  });
});

describe('a poster that somebody uploaded without a lock', () => {
  it('is kept, through every edit and another cover', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    const chosen = stage.plex.library.setImageByPerson(scene.key, 'posters', jpeg('x'), false);
    expect(await stage.sync([scene])).toMatchObject({ sent: 0, kept: 1 });
    await stage.sync([scene]);
    stage.nowMs += 10_000;
    setCover(stage, scene, jpeg('b'));
    stage.nowMs += 10_000;
    await stage.sync([scene]);
    await stage.sync([scene]);
    expect(posterOf(stage, scene)).toBe(chosen);
    expect(stage.plex.counts()).toMatchObject({ uploads: 0, edits: 0 });
  });
});

describe('a poster of ours', () => {
  it('that arrived unnoticed is still known as ours after the next one failed to', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene]);
    setCover(stage, scene, jpeg('b'));
    // Carried out, and the answer lost.
    stage.plex.switches.applyThenHang = { items: new Set([scene.key]), count: 1 };
    expect(await stage.sync([scene])).toMatchObject({ failed: 1 });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('b')));
    setCover(stage, scene, jpeg('c'));
    stage.nowMs += extraBackoff.capMs;
    stage.plex.switches.failUploads = { status: 500, count: 1 };
    expect(await stage.due()).toMatchObject({ failed: 1 });
    stage.nowMs += extraBackoff.capMs;
    expect(await stage.due()).toMatchObject({ sent: 1, kept: 0 });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('c')));
  });
});

describe('one item whose locks cannot be written', () => {
  const withBad = async () => {
    const stage = await setUp();
    const scenes = ['a', 'b', 'c', 'd'].map((name) => stage.add(jpeg(name)));
    const [bad, ...good] = scenes;
    if (bad === undefined) throw new Error('none');
    return { stage, scenes, bad, good };
  };

  it('costs no other its lock', async () => {
    const { stage, scenes, bad, good } = await withBad();
    await stage.want(scenes);
    const { log } = stage.context();
    const write: typeof log.write = (...line) => {
      if (stage.plex.counts().uploads === 4) stage.plex.switches.poison.set(bad.key, 'status-500');
      log.write(...line);
    };
    const context = { ...stage.context(), log: { ...log, write } };
    const outcome = await sendExtras(context, postersOnly, 9);
    expect(outcome).toMatchObject({ sent: 4, failed: 1, stop: null });
    expect(good.map((scene) => itemOf(stage, scene).locked)).toEqual(good.map(() => ['thumb']));
    expect(itemOf(stage, bad).locked).toEqual([]);
  });

  it('holds up no other when the locks are released, and is counted', async () => {
    const { stage, scenes, bad, good } = await withBad();
    await stage.sync(scenes);
    stage.plex.switches.poison.set(bad.key, 'status-500');
    expect(await releaseImageLocks(stage.context(), 'poster')).toEqual({
      released: good.length,
      failed: 1,
      last: null,
    });
    expect(good.map((scene) => itemOf(stage, scene).locked)).toEqual(good.map(() => []));
    stage.plex.switches.poison.clear();
    expect(await releaseImageLocks(stage.context(), 'poster')).toMatchObject({ released: 1 });
  });
});

describe('a cover that is a page, while Stash lets everybody in', () => {
  it('is the scene’s own fault: it costs an attempt, ends, and stops no other', async () => {
    const stage = await setUp();
    const bad = stage.add(jpeg('a'));
    const good = stage.add(jpeg('b'));
    const cover = { bytes: Buffer.from('<!doctype html><title>404'), contentType: 'text/html' };
    stage.stash.store.changeScene(bad.id, { cover }, { touch: true });
    expect(await stage.sync([bad, good])).toMatchObject({ sent: 1, failed: 1, stop: null });
    for (let at = 0; at < extraBackoff.maxAttempts; at += 1) {
      stage.nowMs += extraBackoff.capMs;
      expect(await stage.due()).toMatchObject({ stop: null });
    }
    expect(extraOf(stage.db, bad.id, 'poster')).toMatchObject({ dueAt: null });
  });
});

describe('a picture that was given up', () => {
  it('is told no more once its scene is gone', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('too large', largestImageBytes + 1));
    await stage.sync([scene]);
    expect(extraOf(stage.db, scene.id, 'poster')).toMatchObject({ dueAt: null });
    forgetAll(stage.context(), scene.id);
    expect(extraOf(stage.db, scene.id, 'poster')).toBeNull();
  });
});

describe('what is known of pictures', () => {
  const walk = async (stage: Awaited<ReturnType<typeof setUp>>, machineIdentifier: string) => {
    const sections = await stage.context().plex.sections();
    await ensureIndex(stage.context(), { machineIdentifier, sections });
    stage.nowMs += 48 * 3_600_000;
  };

  it('goes with the item, once a whole walk proves that', async () => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    const [first, second] = scenes;
    if (first === undefined || second === undefined) throw new Error('none');
    await stage.sync(scenes);
    await walk(stage, 'one');
    stage.plex.library.removeItem(first.key);
    await walk(stage, 'one');
    expect(imageOf(stage.db, first.key, 'poster')).toBeNull();
    expect(imageOf(stage.db, second.key, 'poster')).not.toBeNull();
  });

  it('is of one Plex: another one, which numbers its items alike, gets them all', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.nowMs += 10_000;
    await stage.sync([scene]);
    await walk(stage, 'one');
    await walk(stage, 'two');
    expect(imageOf(stage.db, scene.key, 'poster')).toBeNull();
  });
});

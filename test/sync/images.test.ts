// Covers on their way from a simulated Stash to a simulated Plex: none is sent twice, no person's
// choice is touched, and whatever fails is tried again by itself.
import { describe, expect, it } from 'vitest';
import { extraBackoff } from '../../src/domain/recover/backoff.ts';
import { largestImageBytes } from '../../src/domain/mirror/image.ts';
import { coldStart } from '../../src/domain/base/average.ts';
import { readAverages } from '../../src/store/figures/averages.ts';
import { imageOf } from '../../src/store/mirror/image.ts';
import { outcomesEver } from '../../src/store/queue/outcome.ts';
import { extraOf, nextExtraAt, wantExtra } from '../../src/store/queue/extra.ts';
import { run } from '../../src/store/file/sql.ts';
import { releaseImageLocks } from '../../src/sync/extras/imageLocks.ts';
import { sendExtras } from '../../src/sync/extras/extras.ts';
import { jpeg, png } from '../helpers/pictures.ts';

import {
  both,
  edit,
  itemOf,
  nameOf,
  posterOf,
  postersOnly,
  setCover,
  settledOf,
  setUp,
} from './imageStage.ts';

describe('a cover', () => {
  it('[1.2 TIME-01] is measured and counted when it was sent, not when Plex has it already', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    expect((await stage.sync([scene])).sent).toBe(1);
    const { sentShare, ...sent } = readAverages(stage.db);
    expect(sent.measured.picture).toBe(1);
    expect(sent.picture.ms).toBeLessThan(coldStart.picture.ms);
    stage.nowMs += 60_000;
    edit(stage, scene, 'Other');
    expect((await stage.sync([scene])).sent).toBe(0);
    const { sentShare: later, ...same } = readAverages(stage.db);
    expect(same).toEqual(sent);
    expect(later).toBeLessThan(sentShare);
    expect(outcomesEver(stage.db).picture).toBe(1);
  });

  it('becomes the poster, which is locked after it, and no background', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    expect(await stage.sync([scene])).toEqual({ sent: 1, kept: 0, failed: 0, stop: null });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('a')));
    expect(itemOf(stage, scene)).toMatchObject({ locked: ['thumb'], arts: [] });
    const writes = stage.plex.accessLog.filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method }) => method)).toEqual(['POST', 'PUT']);
    expect(stage.logText()).toContain('Sent the poster');
  });

  it('is the background as well where that is switched on, and is read once for both', async () => {
    const stage = await setUp();
    const scene = stage.add(png('a'));
    expect(await stage.sync([scene], both)).toMatchObject({ sent: 2 });
    expect(itemOf(stage, scene)).toMatchObject({
      posters: [{ name: nameOf(png('a')), contentType: 'image/png' }],
      arts: [{ name: nameOf(png('a'), 'arts'), selected: true }],
      locked: ['thumb', 'art'],
    });
    expect(stage.reads()).toBe(1);
  });

  it('of many scenes is locked in one request', async () => {
    const stage = await setUp();
    const scenes = Array.from({ length: 60 }, (_, at) => stage.add(jpeg(`${at}`)));
    expect(await stage.sync(scenes)).toMatchObject({ sent: 60 });
    expect(stage.plex.counts()).toMatchObject({ uploads: 60, edits: 2, editedItems: 60 });
    expect(scenes.every((scene) => itemOf(stage, scene).locked.includes('thumb'))).toBe(true);
  });

  it('that a scene does not have is not sent', async () => {
    const stage = await setUp();
    const scene = stage.add(null);
    expect(await stage.sync([scene])).toEqual({ sent: 0, kept: 0, failed: 0, stop: null });
    expect(stage.plex.counts()).toMatchObject({ uploads: 0, edits: 0 });
    expect(itemOf(stage, scene)).toMatchObject({ posters: [], locked: [] });
  });

  it('is not sent at all where both are switched off', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene], { ...postersOnly, poster: 'off' });
    expect([stage.reads(), stage.plex.counts().uploads]).toEqual([0, 0]);
  });
});

describe('a cover that is in Plex', () => {
  it('is not sent again when the scene is edited, nor read again when it is not', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.nowMs += 10_000;
    await stage.sync([scene]);
    await stage.sync([scene]);
    expect(stage.reads()).toBe(1);
    edit(stage, scene, 'another title');
    stage.nowMs += 10_000;
    await stage.sync([scene]);
    await stage.sync([scene]);
    expect(stage.reads()).toBe(2);
    expect(stage.plex.counts()).toMatchObject({ uploads: 1, edits: 1 });
  });

  it('is read again in the second of its change, since another may have come within it', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene]);
    setCover(stage, scene, jpeg('b'));
    expect(await stage.sync([scene])).toMatchObject({ sent: 1 });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('b')));
  });

  it('is replaced by the next one, and stays when the scene has none any more', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene]);
    setCover(stage, scene, jpeg('b'));
    await stage.sync([scene]);
    setCover(stage, scene, null);
    await stage.sync([scene]);
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('b')));
    expect(stage.plex.counts()).toMatchObject({ uploads: 2, edits: 1 });
  });

  it('is sent to the item that the scene has instead', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene]);
    stage.nowMs += 10_000;
    const files = [{ path: '/data/moved.mp4', size: 1 }];
    const moved = {
      id: scene.id,
      key: stage.plex.library.addItem(stage.section, { title: 'm', files }),
    };
    expect(await stage.sync([moved])).toMatchObject({ sent: 1 });
    expect(posterOf(stage, moved)).toBe(nameOf(jpeg('a')));
  });

  it('is known as ours when its item becomes another scene’s', async () => {
    const stage = await setUp();
    const first = stage.add(jpeg('a'));
    const second = stage.add(jpeg('b'));
    await stage.sync([first]);
    expect(await stage.sync([{ id: second.id, key: first.key }])).toMatchObject({
      sent: 1,
      kept: 0,
    });
    expect(posterOf(stage, first)).toBe(nameOf(jpeg('b')));
  });

  it('is taken for ours by its bytes where the data file was lost', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.plex.library.setImageByPerson(scene.key, 'posters', jpeg('a'));
    expect(await stage.sync([scene])).toMatchObject({ sent: 0, kept: 0 });
    expect(stage.plex.counts().uploads).toBe(0);
    setCover(stage, scene, jpeg('b'));
    expect(await stage.sync([scene])).toMatchObject({ sent: 1, kept: 0 });
  });
});

describe('a person’s poster', () => {
  it('is kept, through every edit and another cover', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    const chosen = stage.plex.library.setImageByPerson(scene.key, 'posters', jpeg('chosen'));
    expect(await stage.sync([scene])).toMatchObject({ sent: 0, kept: 1 });
    edit(stage, scene, 'title');
    stage.nowMs += 10_000;
    await stage.sync([scene]);
    setCover(stage, scene, jpeg('b'));
    stage.nowMs += 10_000;
    expect(await stage.sync([scene])).toMatchObject({ sent: 0, kept: 1 });
    expect(posterOf(stage, scene)).toBe(chosen);
    expect(stage.plex.counts()).toMatchObject({ uploads: 0, edits: 0 });
    expect(stage.logText()).toContain('Kept the poster that a person chose');
  });

  it('is kept as well where it came after ours', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene]);
    const chosen = stage.plex.library.setImageByPerson(scene.key, 'posters', jpeg('chosen'));
    setCover(stage, scene, jpeg('b'));
    expect(await stage.sync([scene])).toMatchObject({ sent: 0, kept: 1 });
    expect(posterOf(stage, scene)).toBe(chosen);
  });

  it('that was chosen while other covers were sent is kept', async () => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    const second = scenes[1] ?? { id: 0, key: '' };
    await stage.want(scenes);
    const { log } = stage.context();
    const chosen: string[] = [];
    const write: typeof log.write = (...line) => {
      log.write(...line);
      if (chosen.length > 0) return;
      chosen.push(stage.plex.library.setImageByPerson(second.key, 'posters', jpeg('chosen')));
      stage.nowMs += 3_000;
    };
    const context = { ...stage.context(), log: { ...log, write } };
    expect(await sendExtras(context, postersOnly, 99)).toMatchObject({ sent: 1, kept: 1 });
    expect(posterOf(stage, second)).toBe(chosen[0]);
  });

  it('gives way once the person takes the lock away', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.plex.library.setImageByPerson(scene.key, 'posters', jpeg('chosen'));
    stage.nowMs += 10_000;
    await stage.sync([scene]);
    stage.plex.library.setByPerson(scene.key, { locked: [] });
    expect(await stage.sync([scene])).toMatchObject({ sent: 1 });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('a')));
    expect(itemOf(stage, scene).locked).toEqual(['thumb']);
  });

  it('does not keep the background from being mirrored', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    const chosen = stage.plex.library.setImageByPerson(scene.key, 'posters', jpeg('chosen'));
    expect(await stage.sync([scene], both)).toMatchObject({ sent: 1, kept: 1 });
    expect(posterOf(stage, scene)).toBe(chosen);
    expect(itemOf(stage, scene).arts).toHaveLength(1);
  });

  it('is none where a person took our lock away: it stays away, and nothing is sent', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene]);
    stage.plex.library.setByPerson(scene.key, { locked: [] });
    edit(stage, scene, 'title');
    await stage.sync([scene]);
    expect(itemOf(stage, scene).locked).toEqual([]);
    expect(stage.plex.counts()).toMatchObject({ uploads: 1, edits: 1 });
  });
});

describe('a picture that is gone from Plex', () => {
  it('is sent again where nobody locked it away, and by the policy fill it is not', async () => {
    const stage = await setUp();
    const [mirrored, filled] = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    const fill = { ...postersOnly, poster: 'fill' } as const;
    await stage.sync([mirrored, filled]);
    const gone = async (): Promise<void> => {
      for (const { key } of [mirrored, filled]) {
        stage.plex.library.removeImageByPerson(key, 'posters', false);
      }
      await stage.want([mirrored]);
      await stage.want([filled], fill);
    };
    await gone();
    expect(await stage.due()).toMatchObject({ sent: 1 });
    expect([posterOf(stage, mirrored), posterOf(stage, filled)]).toEqual([
      nameOf(jpeg('a')),
      undefined,
    ]);
    expect(itemOf(stage, mirrored).locked).toEqual(['thumb']);
    await gone();
    expect(await stage.due()).toMatchObject({ sent: 1 });
    // The same bytes: Plex has them once.
    expect(itemOf(stage, mirrored).posters).toHaveLength(1);
  });

  it('stays away where a person took it away, which locks it, until they take the lock away', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.sync([scene]);
    stage.plex.library.removeImageByPerson(scene.key, 'posters');
    await stage.sync([scene]);
    setCover(stage, scene, jpeg('b'));
    expect(await stage.sync([scene])).toMatchObject({ sent: 0, kept: 1 });
    expect(posterOf(stage, scene)).toBeUndefined();
    stage.plex.library.setByPerson(scene.key, { locked: [] });
    expect(await stage.sync([scene])).toMatchObject({ sent: 1 });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('b')));
  });
});

describe('an upload that fails', () => {
  it('at random is tried again at its time, and not by an edit before it', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    const good = stage.add(jpeg('good'));
    stage.plex.switches.failUploads = { status: 500, count: 1 };
    expect(await stage.sync([scene, good])).toEqual({ sent: 1, kept: 0, failed: 1, stop: null });
    const dueAt = nextExtraAt(stage.db);
    expect(dueAt).toBeGreaterThan(stage.nowMs);
    edit(stage, scene, 'title');
    setCover(stage, scene, jpeg('b'));
    await stage.sync([scene]);
    expect(await stage.due()).toMatchObject({ sent: 0 });
    expect(stage.plex.counts().uploads).toBe(2);
    stage.nowMs = dueAt ?? 0;
    expect(await stage.due()).toEqual({ sent: 1, kept: 0, failed: 0, stop: null });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('b')));
    expect(itemOf(stage, scene).locked).toEqual(['thumb']);
    expect(nextExtraAt(stage.db)).toBeNull();
  });

  it('each time is given up after its last attempt, shown, and tried anew with another cover', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.plex.switches.failUploads = { status: 500 };
    await stage.sync([scene]);
    for (let at = nextExtraAt(stage.db); at !== null; at = nextExtraAt(stage.db)) {
      stage.nowMs = at;
      await stage.due();
    }
    expect(stage.plex.counts().uploads).toBe(extraBackoff.maxAttempts);
    expect(extraOf(stage.db, scene.id, 'poster')).toMatchObject({
      dueAt: null,
      error: { code: 'plex-server-error' },
      attempts: 8,
    });
    expect(stage.logText()).toContain('Gave up the poster: Plex at 127.0.0.1');
    stage.plex.switches.failUploads = false;
    await stage.sync([scene]);
    expect(stage.plex.counts().uploads).toBe(extraBackoff.maxAttempts);
    setCover(stage, scene, jpeg('b'));
    stage.plex.switches.failUploads = { status: 500, count: 1 };
    expect(await stage.sync([scene])).toMatchObject({ failed: 1 });
    expect(extraOf(stage.db, scene.id, 'poster')).toMatchObject({ attempts: 1 });
    stage.nowMs = nextExtraAt(stage.db) ?? 0;
    expect(await stage.due()).toMatchObject({ sent: 1 });
    expect(extraOf(stage.db, scene.id, 'poster')).toBeNull();
  });

  it('that Plex says it took and does not show is a failure', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.plex.switches.ignoreUploads = true;
    expect(await stage.sync([scene])).toMatchObject({ sent: 0, failed: 1 });
    expect(extraOf(stage.db, scene.id, 'poster')).toMatchObject({
      error: { code: 'plex-not-confirmed' },
      attempts: 1,
    });
    expect(itemOf(stage, scene).locked).toEqual([]);
  });

  it('after Plex carried it out is known as ours, also on a Plex that locks by itself', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.plex.switches.uploadLocks = true;
    stage.plex.switches.applyThenHang = { items: new Set([scene.key]), count: 1 };
    expect(await stage.sync([scene])).toMatchObject({ failed: 1 });
    expect(itemOf(stage, scene).locked).toEqual(['thumb']);
    setCover(stage, scene, jpeg('b'));
    stage.nowMs = nextExtraAt(stage.db) ?? 0;
    expect(await stage.due()).toMatchObject({ sent: 1, kept: 0 });
    expect(posterOf(stage, scene)).toBe(nameOf(jpeg('b')));
  });

  it('because Plex is away costs no attempt, stops the rest, and all come when it is back', async () => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    await stage.want(scenes);
    await stage.plex.goAway();
    const outcome = await stage.due();
    expect(outcome).toMatchObject({ sent: 0, stop: { server: 'plex', stop: { kind: 'server' } } });
    stage.nowMs += 60_000;
    expect(await stage.due()).toMatchObject({ stop: { server: 'plex' } });
    expect(extraOf(stage.db, scenes[1]?.id ?? 0, 'poster')).toMatchObject({ attempts: 0 });
    await stage.plex.comeBack();
    stage.nowMs += 60_000;
    expect(await stage.due()).toMatchObject({ sent: 2, stop: null });
  });

  it('because the server as a whole is ill costs no attempt either', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.want([scene]);
    stage.plex.switches.failEverything = { status: 500 };
    expect(await stage.due()).toMatchObject({
      failed: 0,
      stop: { server: 'plex' },
    });
    expect(extraOf(stage.db, scene.id, 'poster')).toMatchObject({ attempts: 0 });
  });

  it('for a token that is refused or a server that asks for rest says so', async () => {
    const stage = await setUp();
    await stage.want([stage.add(jpeg('a'))]);
    stage.plex.switches.unauthorized = { on: 'writes' };
    expect(await stage.due()).toMatchObject({
      stop: { stop: { kind: 'token' } },
    });
    stage.nowMs += 60_000;
    stage.plex.switches.unauthorized = false;
    stage.plex.switches.rateLimit = { on: 'writes', retryAfterSeconds: 300 };
    expect(await stage.due()).toMatchObject({ stop: { stop: { kind: 'wait', ms: 300_000 } } });
    expect(nextExtraAt(stage.db)).toBe(stage.nowMs + 300_000);
  });

  it('for an item that is gone is forgotten: the text finds another', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    await stage.want([scene]);
    stage.plex.library.removeItem(scene.key);
    expect(await stage.due()).toMatchObject({ stop: null });
    expect([imageOf(stage.db, scene.key, 'poster'), nextExtraAt(stage.db)]).toEqual([null, null]);
  });
});

describe('a cover that cannot be had', () => {
  it('for its size is given up at once, with a message that says so, and read no more', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('large', largestImageBytes + 1));
    expect(await stage.sync([scene])).toMatchObject({ failed: 1, stop: null });
    await stage.sync([scene]);
    expect(stage.reads()).toBe(1);
    expect(extraOf(stage.db, scene.id, 'poster')).toMatchObject({
      dueAt: null,
      error: {
        code: 'image-too-large',
        message: 'The picture is larger than Plex takes (10.5 MB).',
      },
      attempts: 1,
    });
    expect(stage.plex.counts().uploads).toBe(0);
  });

  it('for want of a login is no poster, costs no attempt and stops the rest', async () => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    stage.stash.faults.set({
      kind: 'status',
      status: 200,
      body: '<html>',
      contentType: 'text/html',
    });
    expect(await stage.sync(scenes)).toMatchObject({
      failed: 0,
      stop: { server: 'stash', error: { code: 'stash-unauthorized' } },
    });
    expect(stage.plex.counts().uploads).toBe(0);
    stage.stash.faults.clear();
    stage.nowMs += 60_000;
    expect(await stage.due()).toMatchObject({ sent: 2, stop: null });
  });

  it('for a Stash that is silent is tried again', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.stash.faults.set({ kind: 'hang' }, 1);
    expect(await stage.sync([scene])).toMatchObject({ stop: { server: 'stash' } });
    expect(extraOf(stage.db, scene.id, 'poster')).toMatchObject({ attempts: 1 });
    stage.nowMs += 60_000;
    expect(await stage.due()).toMatchObject({ sent: 1 });
  });
});

describe('what waits to be tried again', () => {
  it('is forgotten where the picture is switched off, or the scene has no item any more', async () => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    stage.plex.switches.failUploads = { status: 500, count: 4 };
    await stage.sync(scenes, both);
    run(stage.db, 'UPDATE scene_state SET no_item_reason = ? WHERE scene_id = 2', 'gone');
    stage.nowMs += 3_600_000;
    expect(await stage.due(postersOnly)).toMatchObject({ sent: 1 });
    expect(nextExtraAt(stage.db)).toBeNull();
    expect(itemOf(stage, scenes[0] ?? { id: 0, key: '' }).arts).toEqual([]);
    expect(itemOf(stage, scenes[1] ?? { id: 0, key: '' }).posters).toEqual([]);
  });
});

describe('locks', () => {
  it('that failed are set later, without sending the pictures again', async () => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b'))];
    await stage.want(scenes);
    const { plex } = stage;
    const { log } = stage.context();
    // Plex begins its maintenance after the last upload, which is when it is told of.
    const write: typeof log.write = (level, event, message, fields) => {
      if (plex.counts().uploads === 2) plex.switches.maintenance = { on: 'writes' };
      log.write(level, event, message, fields);
    };
    const context = { ...stage.context(), log: { ...log, write } };
    expect(await sendExtras(context, postersOnly, 99)).toMatchObject({
      sent: 2,
      stop: { server: 'plex' },
    });
    plex.switches.maintenance = false;
    stage.nowMs += 60_000;
    expect(await stage.due()).toMatchObject({ sent: 0, failed: 0, stop: null });
    expect(plex.counts().uploads).toBe(2);
    expect(scenes.map((scene) => itemOf(stage, scene).locked)).toEqual([['thumb'], ['thumb']]);
  });

  it('that a worker did not live to set are set by the next', async () => {
    const stage = await setUp();
    const scene = stage.add(jpeg('a'));
    stage.nowMs += 10_000;
    await stage.sync([scene]);
    // As it is between the picture and its lock.
    const { cover: what } = (await settledOf(stage, scene)).scene;
    run(stage.db, 'UPDATE image SET locked = 0');
    stage.plex.library.setByPerson(scene.key, { locked: [] });
    wantExtra(stage.db, { sceneId: scene.id, kind: 'poster', what, correlation: 'c' }, stage.nowMs);
    expect(await stage.due()).toMatchObject({ sent: 0, failed: 0 });
    expect(itemOf(stage, scene).locked).toEqual(['thumb']);
    expect(stage.plex.counts().uploads).toBe(1);
  });

  it('that PlexSync set are released, and no others', async () => {
    const stage = await setUp();
    const scenes = [stage.add(jpeg('a')), stage.add(jpeg('b')), stage.add(jpeg('c'))];
    const [first, second, third] = scenes;
    if (first === undefined || second === undefined || third === undefined) throw new Error('none');
    stage.plex.library.setImageByPerson(third.key, 'posters', jpeg('chosen'));
    stage.plex.library.setByPerson(second.key, { title: 'typed' });
    await stage.sync(scenes, both);
    stage.plex.library.removeItem(first.key);
    const page = await releaseImageLocks(stage.context(), 'poster');
    expect(page).toEqual({ released: 1, failed: 0, last: null });
    expect(itemOf(stage, second).locked).toEqual(['title', 'art']);
    expect(itemOf(stage, third).locked).toEqual(['thumb', 'art']);
    expect(posterOf(stage, second)).toBe(nameOf(jpeg('b')));
    expect(await releaseImageLocks(stage.context(), 'poster')).toMatchObject({ released: 0 });
  });
});

// A worker that is killed again and again in the middle of a pass: nothing is lost, nothing done twice.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { viewingPass } from '../../src/store/run/viewingPass.ts';
import { readState } from '../../src/store/file/state.ts';
import { wholeEveryMs } from '../../src/viewing/viewing.ts';
import { until } from '../helpers/wait.ts';
import type { World } from '../helpers/world.ts';
import { type Kill, killAt } from '../reconcile/killedLife.ts';
import { openKit } from './kit.ts';

const kills = 60;

async function life(
  { stash, plex, data }: World,
  ahead: number,
  from: number,
  kill: Kill | null,
): Promise<boolean> {
  const seen = (): number => stash.accessLog.length + plex.accessLog.length;
  const before = seen();
  const program = join(import.meta.dirname, 'life.ts');
  const child = spawn(process.execPath, [program, data, String(ahead), String(from)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const gone = once(child, 'exit');
  let isGone = false;
  void gone.then(() => {
    isGone = true;
  });
  if (kill !== null) {
    await until('it has asked so much', () => isGone || seen() - before >= kill.requests, 60_000);
    await sleep(kill.ms);
    child.kill('SIGKILL');
  }
  await gone;
  if (child.signalCode !== 'SIGKILL') expect(child.exitCode).toBe(0);
  return child.signalCode === 'SIGKILL';
}

test('killed anywhere in a pass: each view is one play, each play one mark, a person’s stay, and what was written over stands in the history [1.2 SYNC-01] [1.2 SYNC-03]', {
  timeout: 300_000,
}, async () => {
  const kit = await openKit(96);
  try {
    const { world, pairs, db } = kit;
    const { library } = world.plex;
    const { store } = world.stash;
    await kit.set({ viewing: 'watched resume rating', viewingConflict: 'plex' });
    await kit.pass(true);
    const settled = kit.nowMs;
    const at = Math.floor(settled / 1000);
    for (const [index, { sceneId, ratingKey }] of pairs.entries()) {
      switch (index % 6) {
        case 0:
          library.setSeen(ratingKey, { viewCount: 1, lastViewedAt: at - index });
          break;
        case 1:
          // Half seen in Plex, and seen in Stash: the mark there must not lose the place.
          library.setSeen(ratingKey, { viewOffsetMs: 700_000, lastViewedAt: at - 900 });
          kit.play(sceneId, settled - index * 1000);
          break;
        case 2:
          store.changeScene(sceneId, { resumeTimeSeconds: 300 + index }, { touch: false });
          break;
        case 3:
          store.changeScene(sceneId, { rating100: 80 }, { touch: true });
          library.setSeen(ratingKey, { userRating: 3, lastRatedAt: at });
          break;
        case 4:
          library.setSeen(ratingKey, { viewCount: 2, lastViewedAt: at - index, userRating: 9 });
          kit.play(sceneId, settled - 5_000_000 - index * 1000);
          break;
        default:
      }
    }
    let ahead = kit.nowMs - Date.now() + wholeEveryMs;
    const from = Date.now() + ahead;
    let killed = 0;
    for (let number = 0; number < kills; number += 1) {
      const most = { requests: 30, ms: 150 };
      if (!(await life(world, ahead, from, killAt(number, most)))) break;
      killed += 1;
    }
    await life(world, ahead, from, null);
    for (const [index, { sceneId, ratingKey }] of pairs.entries()) {
      const { plays, resumeSeconds, rating100 } = kit.scene(sceneId);
      const seen = library.seen(ratingKey);
      const what = { index, plays: plays.length, resumeSeconds, rating100, ...seen };
      switch (index % 6) {
        case 0:
          expect(what).toMatchObject({ plays: 1, viewCount: 1 });
          expect(plays[0]).toBe((at - index) * 1000);
          break;
        case 1:
          expect(what).toMatchObject({ plays: 1, viewCount: 1 });
          expect(what).toMatchObject({ viewOffsetMs: 700_000, resumeSeconds: 700 });
          break;
        case 2:
          expect(what).toMatchObject({ viewOffsetMs: (300 + index) * 1000, viewCount: 0 });
          break;
        case 3:
          expect(what).toMatchObject({ rating100: 30, userRating: 3 });
          break;
        case 4:
          expect(what).toMatchObject({ plays: 1, viewCount: 2, rating100: 90 });
          break;
        default:
          expect(what).toMatchObject({ plays: 0, resumeSeconds: 0, viewCount: 0 });
      }
    }
    const history = world.withStore((store_) =>
      store_.prepare("SELECT * FROM viewing_change WHERE why = 'conflict'").all(),
    );
    const lost = new Set(
      history.filter((row) => row['before'] === '80').map((row) => row['scene_id']),
    );
    for (const [index, { sceneId }] of pairs.entries()) {
      if (index % 6 === 3) expect(lost).toContain(sceneId);
    }
    const open = world.withStore((store_) =>
      store_.prepare('SELECT count(*) AS n FROM viewing_change WHERE done = 0').get(),
    );
    expect(open).toEqual({ n: 0 });
    const { markings, timelines, ratings } = world.plex.counts();
    const shown = (): unknown => pairs.map(({ sceneId }) => kit.scene(sceneId));
    const before = structuredClone(shown());
    ahead += wholeEveryMs;
    await life(world, ahead, Date.now() + ahead, null);
    expect(shown()).toEqual(before);
    expect(world.plex.counts()).toMatchObject({ markings, timelines, ratings });
    expect(killed).toBeGreaterThan(5);
    console.info(`${killed} kills`);
    expect(readState(db, viewingPass)?.problem ?? null).toBeNull();
  } finally {
    await kit.close();
  }
});

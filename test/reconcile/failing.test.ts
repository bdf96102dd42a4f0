// While Plex fails: what is found waits in the queue as any edit does, what could not be compared is told
// of as that and as nothing else, and no page stops a run for ever.
import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { deadLetters } from '../../src/store/queue/deadLetter.ts';
import { reconciledTo, runUnderWay } from '../../src/store/run/run.ts';
import { rows } from '../../src/store/file/sql.ts';
import { fullSyncNeeded, readState, writeState } from '../../src/store/file/state.ts';
import { exitCodes } from '../../src/sync/worker.ts';
import { openPlexProxy, type PlexProxy } from '../helpers/killingProxy.ts';
import type { Pair } from '../helpers/world.ts';
import { allRows } from '../store/support.ts';
import { ended, type InStep, openInStep } from './inStep.ts';

let library: InStep;
let proxy: PlexProxy | null = null;
afterEach(async () => {
  await library.close();
  await proxy?.close();
  proxy = null;
});

function tag(pairs: readonly Pair[]): void {
  const { stash } = library.world;
  const id = stash.store.addTag({ name: 'found' });
  for (const { sceneId } of pairs) stash.library.autoTag(sceneId, [id]);
}

describe('[1.4 GAP-04] a gap whose push fails', () => {
  it('waits as long as an edit whose push fails, ends as a dead letter like it, and is left to a person then', async () => {
    library = await openInStep(4);
    const { db, world, pair } = library;
    const [edited, drifted, good] = [pair(0), pair(1), pair(2)];
    tag([drifted]);
    const { id } = library.begin();
    for (let made = 0; made < 50 && allRows(db, 'queue').length === 0; made += 1) {
      await library.turns(1, 1_000);
    }
    for (const { ratingKey } of [edited, drifted]) {
      world.plex.switches.poison.set(ratingKey, 'status-500');
    }
    world.edit(edited.sceneId, { title: 'Edited' });
    /** By scene: how long each try was put off, in ms. */
    const pauses = new Map<unknown, number[]>();
    const attempts = new Map<unknown, unknown>();
    for (let made = 0; made < 3_000 && deadLetters(db, 10).length < 2; made += 1) {
      // What tells that the server is well.
      world.edit(good.sceneId, { title: `Good ${made}` });
      await library.turn();
      for (const row of allRows(db, 'queue')) {
        if (row['attempts'] === (attempts.get(row['entity_id']) ?? 0)) continue;
        attempts.set(row['entity_id'], row['attempts']);
        const list = pauses.get(row['entity_id']) ?? [];
        pauses.set(row['entity_id'], [...list, Number(row['due_at']) - library.nowMs]);
      }
      library.nowMs += 15_000;
    }
    const ofDrifted = pauses.get(drifted.sceneId) ?? [];
    expect(ofDrifted.length).toBeGreaterThan(3);
    expect(ofDrifted).toEqual(pauses.get(edited.sceneId));
    const letters = deadLetters(db, 10).map(({ errorCode, attempts: spent }) => ({
      errorCode,
      spent,
    }));
    expect(letters[0]).toEqual(letters[1]);

    // A run gives way to whatever is due: it ends once the edits do.
    await ended(library, id);
    // By itself a run tries none of it again; a person's does.
    const byItself = await library.reconciled({ origin: 'schedule', limit: 1_000 });
    expect(byItself.figures).toMatchObject({
      found: { 'stale:genre': 1, 'stale:title': 1 },
      queued: {},
    });
    world.plex.switches.poison.clear();
    await library.reconciled();
    await library.drained();
    expect(world.plex.library.item(drifted.ratingKey)?.genres).toContain('found');
  });
});

describe('Plex failing in the middle of a run', () => {
  it('nothing that was not compared is told as missing, and in the end all is found as without it', async () => {
    // Three pages: it fails before, in and after the second one's items.
    library = await openInStep(120);
    const { db, world, pairs } = library;
    tag([pairs[3], pairs[60], pairs[115]].flatMap((pair) => pair ?? []));
    const { id } = library.begin({ dry: true });
    let outages = 0;
    for (let made = 0; made < 60 && runUnderWay(db) !== null; made += 1) {
      await library.turns(1, 1_000);
      const place = runUnderWay(db)?.place;
      if (outages < 3 && place?.phase === 'scenes' && place.after >= outages * 50) {
        outages += 1;
        world.plex.switches.failEverything = { status: 500 };
        await library.turns(10, 30_000);
        expect(runUnderWay(db)?.place).toEqual(place);
        world.plex.switches.failEverything = false;
        library.nowMs += 120_000;
      }
    }
    const run = await ended(library, id);
    expect(outages).toBe(3);
    expect(run.figures).toMatchObject({ scenes: 120, unread: 0, found: { 'stale:genre': 3 } });
    expect(library.gaps('missing')).toEqual([]);
    expect(library.gaps('item-gone')).toEqual([]);
  }, 180_000);

  it('items that Plex never answers for, though it is well, are passed over after half an hour', async () => {
    library = await openInStep(60);
    const { db, world, pairs } = library;
    tag(pairs);
    proxy = await openPlexProxy(world.plex.port);
    const bad = new Set(pairs.slice(0, 50).map(({ ratingKey }) => ratingKey));
    proxy.at = ({ method, target }) => {
      const keys = /^\/library\/metadata\/([\d,]+)/.exec(target)?.[1]?.split(',') ?? [];
      return method === 'GET' && keys.some((key) => bad.has(key)) ? 'cut' : 'pass';
    };
    await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1, plexUrl: proxy.url });
    library.nowMs += 60_000;
    const from = library.nowMs;
    const { id } = library.begin({ dry: true });
    const run = await ended(library, id, 20_000);
    expect(library.nowMs - from).toBeLessThan(3_600_000);
    expect(run).toMatchObject({ state: 'ended', figures: { scenes: 60, unread: 50 } });
    // Of the rest each is found, of those that could not be read nothing is told.
    expect(run.figures.found).toEqual({ 'stale:genre': 10 });
    expect(allRows(db, 'queue')).toEqual([]);
    expect(world.logText()).toContain('50 scenes after number 0 could not be compared');
  }, 180_000);
});

describe('[1.4 RECON-01] a page that fails for no reason of a server’s', () => {
  it('ends the run after seven tries, and the runs, the status and the log say why', async () => {
    library = await openInStep(4);
    const { db, world, pairs } = library;
    tag(pairs);
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON gap
      BEGIN SELECT RAISE(ABORT, 'nobody expected this'); END`);
    const { id } = library.begin();
    const run = await ended(library, id, 20_000);
    expect(run.state).toBe('stopped');
    const why =
      'Ended before it was through: the scenes after number 0 could not be compared, 7 times (nobody expected this).';
    expect(world.status().reconcile.last?.summary).toContain(why);
    const runs = await world.choose('runs', {});
    expect(runs).toMatchObject({ runs: [{ id, state: 'stopped' }] });
    expect(JSON.stringify(runs)).toContain(why);
    expect(world.logText()).toContain('The reconciliation was ended: the scenes after number 0');
    db.exec('DROP TRIGGER full');
    const next = await library.reconciled();
    expect(next).toMatchObject({ state: 'ended', figures: { queued: { 'stale:genre': 4 } } });
  }, 60_000);

  it('at its very end leaves it under way: a run is over together with what it proves', async () => {
    library = await openInStep(4);
    const { db } = library;
    writeState(db, fullSyncNeeded, { since: 1, reason: 'the data file was gone' });
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON state WHEN NEW.name = '${reconciledTo.name}'
      BEGIN SELECT RAISE(ABORT, 'nobody expected this'); END`);
    const { id } = library.begin();
    await library.turns(20, 3_000);
    expect(runUnderWay(db)?.id).toBe(id);
    db.exec('DROP TRIGGER full');
    expect((await ended(library, id, 20_000)).state).toBe('ended');
    expect(readState(db, fullSyncNeeded)).toBeNull();
    expect(readState(db, reconciledTo)?.at).not.toBeUndefined();
  }, 60_000);

  it('at its very end, again and again, ends the run like any other page', async () => {
    library = await openInStep(4);
    library.db.exec(`CREATE TRIGGER full BEFORE INSERT ON state WHEN NEW.name = '${reconciledTo.name}'
      BEGIN SELECT RAISE(ABORT, 'nobody expected this'); END`);
    const { id } = library.begin();
    const run = await ended(library, id, 20_000);
    expect(run).toMatchObject({ state: 'stopped', figures: { scenes: 4 } });
    expect(run.figures.stoppedBy).toBe('the run could not be brought to its end');
  }, 60_000);

  it('because Stash cannot tell its latest changes at the end does not end it: all was compared', async () => {
    library = await openInStep(4);
    const fault = { kind: 'graphql-error', message: 'no such column' } as const;
    library.world.stash.faults.set(fault, Number.POSITIVE_INFINITY, 'NewestScenes');
    writeState(library.db, fullSyncNeeded, { since: 1, reason: 'the data file was gone' });
    const { id } = library.begin();
    expect((await ended(library, id, 20_000)).state).toBe('ended');
    expect(readState(library.db, fullSyncNeeded)).toBeNull();
  }, 60_000);

  it('because the data file is damaged is left to whoever opened it: the file is set aside, and no run stays under way', async () => {
    library = await openInStep(4);
    const { world, pairs, db } = library;
    tag(pairs);
    library.begin();
    const { database } = makeDataDirectory(world.data);
    // Not the table, which is looked at when the file is opened.
    const [index] = rows(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'gap_of'");
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const [size] = rows(db, 'PRAGMA page_size');
    const pageSize = Number(size?.['page_size']);
    await library.restart();
    db.close();
    const file = openSync(database, 'r+');
    const at = (Number(index?.['rootpage']) - 1) * pageSize;
    writeSync(file, Buffer.alloc(pageSize, 0xee), 0, pageSize, at);
    closeSync(file);
    const worker = world.startWorker();
    expect(await worker.ended).toBe(exitCodes.cannotTakeIn);
    expect(readdirSync(world.data).some((name) => name.includes('.db.corrupt-'))).toBe(true);
    expect(world.withStore((fresh) => runUnderWay(fresh))).toBeNull();
    expect(world.status().fullSyncNeeded).not.toBeNull();
  }, 60_000);
});

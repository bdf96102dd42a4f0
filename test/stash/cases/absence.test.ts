// Stash is started, PlexSync switched off, the database restored: what hooks may have missed is found
// with the first sign of life, and nothing else is queued.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gapsAnswer, runsAnswer, type RunView } from '../../../src/contract/reconcile.ts';
import { until } from '../../helpers/wait.ts';
import { plexsync } from '../harness/commandLine.ts';
import { movePlexSyncBack, moveStashBack, stampScene } from '../harness/earlier.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

const runs = async (world: RealWorld): Promise<readonly RunView[]> =>
  v.parse(runsAnswer, await world.operation({ name: 'runs' })).runs;
/** Resolves when so many runs there are have ended. */
const ended = async (world: RealWorld, count: number): Promise<RunView> => {
  let newest: RunView | undefined;
  await until(`${count} runs have ended`, async () => {
    const all = await runs(world);
    newest = all[0];
    return all.length === count && newest?.state === 'ended';
  });
  if (newest === undefined) throw new TypeError('unreachable');
  return newest;
};
const restart = async (world: RealWorld): Promise<void> => {
  await world.stash.stop();
  await world.stash.start();
};
const queuedScenes = async (world: RealWorld, { id }: RunView): Promise<readonly number[]> => {
  const args = { name: 'gaps', state: 'queued', limit: 500 };
  const { rows } = v.parse(gapsAnswer, await world.operation(args));
  return rows
    .flatMap(({ runId, scene }) => (runId === id && scene !== null ? [scene] : []))
    .toSorted((a, b) => a - b);
};
const numbers = (pairs: readonly Pair[]): readonly number[] =>
  pairs.map(({ sceneId }) => Number(sceneId)).toSorted((a, b) => a - b);

describe('where no hour has to pass between two runs', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld({ env: { PLEXSYNC_CATCH_UP_MS: '0', PLEXSYNC_LOOK_MS: '500' } });
    await world.bulkEdit(world.pairs, { details: 'Before' });
    await until('it arrives', () => summaries('Before').length === world.pairs.length);
    await world.settled();
  });
  afterAll(async () => {
    await world?.close();
  });
  const summaries = (summary: string): readonly Pair[] =>
    world.pairs.filter((pair) => world.item(pair).summary === summary);
  /** So far. */
  let made = 0;
  const next = async (): Promise<RunView> => {
    made += 1;
    return await ended(world, made);
  };

  test('each start of Stash has one run over recent scenes, and a second call none [1.4 AUTO-02]', {
    timeout: 120_000,
  }, async () => {
    expect(await runs(world)).toEqual([]);
    for (const _ of [1, 2]) {
      await restart(world);
      await world.status();
      const run = await next();
      expect(run).toMatchObject({ origin: 'start', dry: false });
      expect(run.since).toBeGreaterThan(Date.now() - 25 * 3_600_000);
      await world.status();
      await world.edit(world.pair(1), { title: `After ${made}` });
      await world.settled();
      expect(await runs(world)).toHaveLength(made);
    }
  });

  test('switched off, 40 scenes are edited, switched on: these are queued and no others [1.5 RECV-05]', async () => {
    await world.enable(false);
    await until('it is noticed', () => world.log().includes('PlexSync is switched off in Stash'));
    const edited = world.pairs.slice(10, 50);
    await world.bulkEdit(edited, { details: 'Edited while it was off' });
    await world.enable(true);
    const { missedSince, sentence } = await world.status();
    expect(missedSince?.reason).toMatch(/switched off/);
    expect(sentence).toContain('may have been missed');
    const run = await next();
    expect(run.origin).toBe('missed');
    expect(run.queued).toEqual({ 'stale:summary': 40 });
    expect(await queuedScenes(world, run)).toEqual(numbers(edited));
    console.info(
      `40 of 104 edited while off: ${run.scenes} scenes looked at, ${run.stashRequests} requests to Stash, ${run.plexRequests} to Plex`,
    );
    expect(run.stashRequests + run.plexRequests).toBeLessThanOrEqual(10);
    await until('all are there', () => summaries('Edited while it was off').length === 40);
    const after = await world.settled();
    expect(after.missedSince).toBeNull();
  });

  test('the database is restored to yesterday: the scenes pushed since are queued and no others [1.5 RECV-05]', {
    timeout: 120_000,
  }, async () => {
    const { directory } = world.stash;
    const database = join(directory, 'stash.sqlite');
    const readDatabase = async (work: () => void): Promise<void> => {
      await world.stash.stop();
      work();
      await world.stash.start();
    };
    // All so far was 26 hours ago, but for one scene that was saved and pushed a day ago.
    const [lastOfYesterday] = world.pairs.slice(80);
    await readDatabase(() => {
      moveStashBack(directory, 26);
      stampScene(directory, lastOfYesterday?.sceneId ?? '', 24);
      movePlexSyncBack(world.data, 26);
      cpSync(database, `${database}.backup`);
    });
    await world.status();
    expect((await next()).pushedSince).toBeUndefined();
    const later = world.pairs.slice(45, 70);
    await world.bulkEdit(later, { details: 'Of today' });
    await until('all are there', () => summaries('Of today').length === 25);
    await world.settled();
    await readDatabase(() => {
      for (const ending of ['', '-wal', '-shm']) rmSync(database + ending, { force: true });
      cpSync(`${database}.backup`, database);
    });
    // A save is the first sign of life.
    await world.edit(world.pair(2), { title: 'Saved first' });
    const run = await next();
    expect(Date.now() - (run.pushedSince ?? 0)).toBeGreaterThan(24.9 * 3_600_000);
    expect(run.queued).toEqual({ 'stale:summary': 25 });
    expect(await queuedScenes(world, run)).toEqual(numbers(later));
    console.info(
      `25 of 104 restored to yesterday: ${run.scenes} scenes looked at, ${run.stashRequests} requests to Stash, ${run.plexRequests} to Plex`,
    );
    expect(run.scenes).toBeLessThanOrEqual(27);
    expect(run.stashRequests + run.plexRequests).toBeLessThanOrEqual(8);
    await until('none is of today', () => summaries('Of today').length === 0);
    // Five of them had been edited while PlexSync was switched off.
    expect(summaries('Edited while it was off')).toHaveLength(40);
    expect((await world.settled()).missedSince).toBeNull();
  });

  test('the task "Reconcile Library" moves the bar of Stash and says what it has found [1.4 RECON-01] [1.4 RPT-01]', async () => {
    world.plex.switches.readServiceMs = 1_200;
    const [id] = Object.values(
      await world.face.graphql(
        v.record(v.string(), v.string()),
        'mutation { runPluginTask(plugin_id: "plex-sync", task_name: "Reconcile Library") }',
      ),
    );
    const bar: number[] = [];
    await until('the task has ended', async () => {
      const { findJob } = await world.face.graphql(
        v.object({
          findJob: v.nullable(v.object({ status: v.string(), progress: v.nullable(v.number()) })),
        }),
        'query ($input: FindJobInput!) { findJob(input: $input) { status progress } }',
        { input: { id } },
      );
      const progress = findJob?.progress ?? null;
      if (progress !== null && progress !== (bar.at(-1) ?? 0)) bar.push(progress);
      return findJob?.status === 'FINISHED';
    });
    world.plex.switches.readServiceMs = 0;
    made += 1;
    console.info(`the bar through findJob: ${bar.map((share) => share.toFixed(2)).join(' ')}`);
    expect(bar.length).toBeGreaterThanOrEqual(1);
    expect(bar).toEqual(bar.toSorted((a, b) => a - b));
    expect(world.stash.logText()).toMatch(/\[Plugin \/ PlexSync\] 104 scenes looked at\. /);
  });

  test('the command line shows the runs and their gaps [1.4 RPT-01]', async () => {
    const { stdout, code } = await plexsync(world, 'runs');
    expect(code).toBe(0);
    expect(stdout).toContain('after a start of Stash');
    expect(stdout).toContain('to find what was missed');
    console.info(stdout);
    console.info((await plexsync(world, 'gaps', '--limit', '5')).stdout);
    // That the database was put back is told in Stash's log, too.
    const others = world.complaints().filter((line) => !line.includes('it was restored'));
    expect(others).toEqual([]);
  });
});

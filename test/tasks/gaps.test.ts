// Runs and gaps as a person asks for them: what "View queue status" tells, the last runs, and what is
// done to a gap. Each operation runs as it does for Stash.
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { gapLines, runLines } from '../../src/cli/reconcileText.ts';
import { gapActionAnswer, gapsAnswer, runsAnswer } from '../../src/contract/reconcile.ts';
import { type Status, statusSchema } from '../../src/contract/status.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import type { FoundGap } from '../../src/store/mirror/gap.ts';
import type { Database } from '../../src/store/file/database.ts';
import { beginRun, endRun, type NewRun, runUnderWay } from '../../src/store/run/run.ts';
import { keepPage } from '../../src/store/run/runPage.ts';
import { schedule } from '../../src/store/run/schedule.ts';
import { writeState } from '../../src/store/file/state.ts';
import { openLog } from '../../src/sync/base/log.ts';
import type { TaskContext } from '../../src/tasks/context.ts';
import { findTask } from '../../src/tasks/dispatch.ts';
import { allRows, newDirectory, newStore, t0 } from '../store/support.ts';

const minute = 60_000;
let db: Database;
let said: string[];
let directory: ReturnType<typeof makeDataDirectory>;

beforeEach(() => {
  directory = makeDataDirectory(newDirectory());
  db = newStore(join(directory.path, 'plex-sync.db'));
  said = [];
});

async function ask(
  name: string,
  args: object = {},
  caller: TaskContext['caller'] = 'task',
): Promise<unknown> {
  const nowMs = t0 + 60 * minute;
  const clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  const task = await findTask(name);
  const context: TaskContext = {
    db,
    directory,
    version: '0.0.0-test',
    programPath: import.meta.filename,
    caller,
    clock,
    now: nowMs,
    log: openLog(directory.log, clock),
    say: (line) => said.push(line),
    progress: () => {},
  };
  return await task(context, { ...args });
}
const status = async (): Promise<Status> => v.parse(statusSchema, await ask('status'));
const gaps = async (args: object = {}) => v.parse(gapsAnswer, await ask('gaps', args));
const release = async (args: object) => v.parse(gapActionAnswer, await ask('release-gaps', args));
const keys = (): readonly unknown[] => allRows(db, 'queue').map(({ key }) => key);

const gap = (field: string, more: Partial<FoundGap> = {}): FoundGap => ({
  kind: 'stale',
  field,
  confidence: 'definitely',
  stash: 'a',
  plex: 'b',
  toCome: 'a',
  reason: 'Stash has changed since the last push.',
  ...more,
});

/** A run that found these, by scene, and took 12 minutes. */
function made(
  found: Readonly<Record<number, readonly FoundGap[]>>,
  more: Partial<NewRun> = {},
): void {
  const scope = { since: null, until: null, library: null, kinds: null };
  const wanted: NewRun = { origin: 'schedule', scope, dry: false, limit: 3, ...more };
  const run = beginRun(db, wanted, t0);
  if (run === null) throw new Error('another run is under way');
  const looked = Object.entries(found).map(([scene, of]) => ({
    sceneId: Number(scene),
    ratingKey: `${1000 + Number(scene)}`,
    gaps: of,
  }));
  const next = { phase: 'items', after: '' } as const;
  keepPage(db, run, { looked, unread: 0, stashRequests: 4, plexRequests: 2, next }, t0);
  endRun(db, run.id, 'ended', t0 + 12 * minute);
}
/** Three gaps are queued; four wait. */
const seven = {
  1: [gap('title'), gap('genre', { kind: 'empty', plex: [] })],
  2: [gap('title')],
  3: [gap('title'), gap('studio')],
  4: [gap('title'), gap('date')],
};

describe('[1.4 RPT-01] [1.4 RECON-02] the status', () => {
  it('tells the last run with its gaps and what was queued by kind and field, how long it took, and the requests', async () => {
    made(seven);
    const { reconcile } = await status();
    expect(reconcile.last).toMatchObject({
      origin: 'schedule',
      state: 'ended',
      begunAt: t0,
      durationMs: 12 * minute,
      stashRequests: 4,
      plexRequests: 2,
      found: { 'stale:title': 4, 'empty:genre': 1, 'stale:studio': 1, 'stale:date': 1 },
      queued: { 'stale:title': 2, 'empty:genre': 1 },
    });
    expect(reconcile).toMatchObject({ gapsWaiting: 4, underWay: null, next: null });
    const text = said.join('\n');
    expect(text).toMatch(
      /Reconciliation of [\d -]+:\d\d \(UTC\) \(by schedule\), 4 requests to Stash and 2 to Plex in 12 minutes: 4 scenes looked at\./,
    );
    expect(text).toContain(
      '1 empty in Plex (genre 1); 6 stale in Plex (title 4, date 1, studio 1)',
    );
    expect(text).toContain('3 gaps queued: 1 empty in Plex (genre 1); 2 stale in Plex (title 2)');
    expect(text).toContain('4 gaps wait for your word: task Release gaps');
    expect(said[0]).toContain('4 gaps wait for your word.');
  });

  it('names the next run, and one under way beside the last one', async () => {
    made({});
    writeState(db, schedule, { every: 'hourly', since: t0, lastAt: t0 + 50 * minute });
    expect((await status()).reconcile.next).toEqual({ at: t0 + 110 * minute, origin: 'schedule' });
    expect(said.join('\n')).toContain('The next reconciliation (hourly) is due at');
    const scope = { since: t0, until: null, library: null, kinds: null };
    beginRun(db, { origin: 'start', scope, dry: false, limit: 3 }, t0 + 55 * minute);
    said = [];
    const { last, underWay } = (await status()).reconcile;
    expect([last?.origin, underWay?.origin]).toEqual(['schedule', 'start']);
    expect(said.join('\n')).toContain('A reconciliation (after a start of Stash) is under way');
  });

  it('says nothing of it where there is nothing to say, and keeps quiet for a page', async () => {
    await status();
    expect(said.join('\n')).not.toMatch(/reconcil|gap/i);
    said = [];
    await ask('runs', {}, 'operation');
    expect(said).toEqual([]);
  });
});

describe('[1.4 RPT-01] the last runs', () => {
  it('are listed, 30 of them, the newest first, also for a terminal', async () => {
    for (let count = 0; count < 34; count += 1) made({});
    made(seven);
    const answer = v.parse(runsAnswer, await ask('runs'));
    expect(answer.runs).toHaveLength(30);
    expect(answer.runs[0]?.found).toMatchObject({ 'stale:title': 4 });
    const lines = runLines(answer, { width: 200 });
    expect(lines[0]).toBe('The last 30 reconciliations.');
    expect(lines[3]).toMatch(/^35 .* 12 minutes +by schedule +all +4 +4 \+ 2 +7 +3 +4$/);
    expect(lines.join('\n')).toMatch(/stale +title +4 +2/);
  });
});

describe('[1.4 RPT-01] a gap', () => {
  it('is listed with both values, and one alone with its reason', async () => {
    made(seven);
    const answer = await gaps({ field: 'genre' });
    const lines = gapLines(answer, { width: null });
    expect(lines[0]).toBe('1 gap.');
    expect(lines[2]).toMatch(/^2 +scene 1 +empty +genre +definitely +a +- +queued$/);
    expect(lines.at(-1)).toContain('Stash has changed');
  });

  it('is put right alone: its scene is pushed before others, and what else of it waits goes along', async () => {
    made(seven);
    const [studio] = (await gaps({ field: 'studio' })).rows;
    const { count, sentence } = await release({ gap: studio?.id });
    expect(count).toBe(2);
    expect(sentence).toMatch(
      /^Gap \d+ is queued with its scene 3, and with it 1 more of the scene\.$/,
    );
    expect(allRows(db, 'queue').filter(({ key }) => key === 'scene:3')).toMatchObject([
      { priority: 0 },
    ]);
    expect((await status()).reconcile.gapsWaiting).toBe(2);
  });

  it('is put right with all of its kind or field', async () => {
    made(seven, { limit: 0 });
    expect(keys()).toEqual([]);
    expect((await release({ field: 'date' })).count).toBe(2);
    expect(keys()).toEqual(['scene:4']);
    expect((await release({ kind: 'empty' })).count).toBe(2);
    expect(keys()).toEqual(['scene:4', 'scene:1']);
    expect((await release({})).count).toBe(3);
    expect((await status()).reconcile.gapsWaiting).toBe(0);
  });

  it('is ignored, and queued again where a person wants it after all', async () => {
    made(seven);
    const [date] = (await gaps({ field: 'date' })).rows;
    await ask('ignore-gap', { gap: date?.id });
    expect((await gaps({ state: 'ignored' })).total).toBe(1);
    expect((await status()).reconcile.gapsWaiting).toBe(3);
    await release({ gap: date?.id });
    expect((await gaps({ state: 'ignored' })).total).toBe(0);
    expect(keys()).toContain('scene:4');
  });

  it('that nothing would close is only told, and one that is not there is an error', async () => {
    made({ 1: [gap('title', { kind: 'edited' })] });
    const [edited] = (await gaps()).rows;
    expect(await release({ gap: edited?.id })).toMatchObject({ count: 0 });
    expect(keys()).toEqual([]);
    await expect(release({ gap: 999 })).rejects.toThrow('There is no gap 999.');
    expect(runUnderWay(db)).toBeNull();
  });
});

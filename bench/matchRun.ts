// PlexSync's part of `bench match` in a process of its own: its real modules, its real data file, two
// servers over HTTP. Takes its task as JSON in argv, prints one line of JSON with what came of it.
import * as v from 'valibot';
import { checkSettings } from '../src/contract/settings.ts';
import type { Match } from '../src/domain/match/match.ts';
import { openStashClient } from '../src/stash/client.ts';
import { openStore } from '../src/store/file/open.ts';
import type { Database } from '../src/store/file/database.ts';
import { raiseScene } from '../src/store/queue/queue.ts';
import { claim } from '../src/store/queue/queueClaim.ts';
import { finish } from '../src/store/queue/queueSettle.ts';
import { sceneFiles } from '../src/store/match/sceneFile.ts';
import { recordNoItem } from '../src/store/mirror/sceneState.ts';
import { mapping, readState } from '../src/store/file/state.ts';
import { transaction } from '../src/store/file/sql.ts';
import type { Clock } from '../src/sync/base/clock.ts';
import { connectToPlex, meetPlex } from '../src/sync/servers/configuration.ts';
import type { DrainContext } from '../src/sync/base/context.ts';
import type { SceneJob } from '../src/sync/base/job.ts';
import { ensureIndex, refreshIndex } from '../src/sync/match/libraryIndex.ts';
import type { PlexIdentity } from '../src/sync/base/plexIdentity.ts';
import { lookUp, matchOne } from '../src/sync/match/lookUp.ts';
import { readScenes } from '../src/sync/read/readScenes.ts';
import { fileKeys, sceneText } from '../src/sync/read/sceneKeys.ts';
import { openSurvey, rulesOf } from '../src/sync/match/survey.ts';
import { reasonOf } from '../src/sync/match/unmatched.ts';
import { type Fate, sceneOf, video } from './matchLibrary.ts';
import { peakMemoryMb } from './memory.ts';
import { emptyOutcome, type MatchOutcome, matchTask } from './matchTask.ts';

const batchSize = 50;
const hourMs = 3_600_000;

const task = v.parse(matchTask, JSON.parse(process.argv[2] ?? ''));
const started = performance.now();
const outcome: MatchOutcome = emptyOutcome();
const clock: Clock = {
  now: () => Date.now() + task.hoursLater * hourMs,
  random: Math.random,
  // Nothing here waits.
  sleep: async () => {},
};

const { db } = openStore(task.dataFile, Date.now());
const settings = settingsFor(task.plexUrl, task.plexToken);
const plex = connectToPlex(db, settings, '0.0.0-bench');
const stashUrl = new URL(task.stashUrl);
const stash = openStashClient({
  scheme: 'http',
  host: stashUrl.hostname,
  port: Number(stashUrl.port),
  cookie: null,
  apiKey: null,
});
const base = {
  db,
  clock,
  log: { write: () => {}, keepSecret: () => {}, withoutSecrets: (text: string) => text },
  settings,
  stash,
  plex,
};
/** As the engine makes it for every turn. */
const context = (): DrainContext => ({ ...base, rules: rulesOf(db, settings) });

try {
  const identity = await clocked('connect', async () => {
    const met = await meetPlex(plex, settings);
    if (met.kind !== 'known') throw new Error('Plex has no usable library');
    return met.identity;
  });
  await clocked('index', async () => {
    await ensureIndex(context(), identity);
    if (task.refresh) await refreshIndex(context(), identity);
  });
  await clocked('survey', async () => {
    const survey = openSurvey(db);
    while (survey.nextAt() !== null) await survey.step(context());
  });
  await clocked('matching', async () => {
    if (task.matchAllUpTo > 0) matchEverything(identity, task.matchAllUpTo);
    await matchQueued(identity, task.events);
  });
} finally {
  await plex.close();
  await stash.close();
}
outcome.rules = rulesOf(db, settings).map((rule) => ({ ...rule }));
outcome.explained = readState(db, mapping)?.report.explained ?? 0;
db.close();
const { user, system } = process.cpuUsage();
outcome.cpuMs = (user + system) / 1_000;
outcome.wallMs = performance.now() - started;
outcome.peakMb = orNull(peakMemoryMb(process.pid));
process.stdout.write(`${JSON.stringify(outcome)}\n`);

/** Every scene from the data file by itself, as the first contact does by and by. */
function matchEverything(identity: PlexIdentity, last: number): void {
  const { rules } = context();
  for (let first = 1; first <= last; first += batchSize) {
    transaction(db, () => {
      for (let id = first; id < first + batchSize && id <= last; id += 1) {
        const files = fileKeys(sceneFiles(db, id), rules);
        const match = matchOne({ db, settings }, { files, text: sceneText(sceneOf(id)) }, []);
        take(db, identity, id, files, match);
      }
    });
  }
}

/** What events and the index have raised, in batches as the worker takes them. */
async function matchQueued(identity: PlexIdentity, events: readonly number[]): Promise<void> {
  const now = clock.now();
  transaction(db, () => {
    for (const id of events) raiseScene(db, id, now, 'Scene.Create.Post', `bench-${id}`);
  });
  for (;;) {
    const rows = claim(db, clock.now(), batchSize);
    if (rows.length === 0) return;
    const { jobs } = await readScenes(context(), rows);
    const matches = await lookUp(context(), identity, jobs);
    transaction(db, () => {
      for (const { row, scene, files } of jobs) {
        const match = matches.get(row.key);
        if (match !== undefined) take(db, identity, scene.id, files, match);
        finish(db, row, now);
      }
    });
  }
}

/** Records what the worker would of a scene without an item, and compares with what is true. */
function take(
  store: Database,
  identity: PlexIdentity,
  id: number,
  files: SceneJob['files'],
  match: Match,
): void {
  const { fate, plexPath } = video(id);
  const expected: Fate = task.late.includes(id) ? 'item' : fate;
  outcome.scenes += 1;
  if (match.kind === 'item') {
    outcome.byRung[match.best.how] = (outcome.byRung[match.best.how] ?? 0) + 1;
    if (expected !== 'item' || match.best.file !== plexPath) outcome.wrongItems += 1;
    else outcome.found += 1;
    return;
  }
  if (expected === 'item') outcome.missed += 1;
  const reason = reasonOf(
    { db: store },
    identity,
    { files },
    match.kind === 'review' ? match : { kind: 'none' },
  );
  const words = match.kind === 'review' ? `review: ${match.reason}` : reason;
  outcome.byReason[words] = (outcome.byReason[words] ?? 0) + 1;
  if (expected !== 'item' && reason !== expected) outcome.wrongReasons += 1;
  recordNoItem(store, id, reason, reason === 'waiting', clock.now());
}

async function clocked<T>(phase: keyof MatchOutcome['phases'], work: () => Promise<T>): Promise<T> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  outcome.phases[phase] = { cpuMs: (user + system) / 1_000, wallMs: performance.now() - begin };
  return result;
}

function settingsFor(
  plexUrl: string,
  plexToken: string,
): Extract<ReturnType<typeof checkSettings>, { kind: 'valid' }>['settings'] {
  const check = checkSettings({ plexUrl, plexToken });
  if (check.kind === 'invalid') throw new Error(JSON.stringify(check.problems));
  return check.settings;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
